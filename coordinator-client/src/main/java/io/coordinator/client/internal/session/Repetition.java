package io.coordinator.client.internal.session;

import io.coordinator.client.internal.net.Loop;
import io.coordinator.protocol.Reply;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * When commands that the cluster turned back go again on the same stream: what they are to acknowledge has been
 * received meanwhile. Where that does not help, with growing pauses, and in the end on another stream. Lives on the
 * loop.
 */
final class Repetition {
    /** So often a stream is asked to take the same commands again before another one is looked for. */
    private static final int TURNS_MAX = 8;

    private static final long TURN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Loop loop;
    private final Attachment attachment;
    private final Sequencer sequencer;
    private final FrameSender sender;
    private final long patienceNanos;

    /**
     * Repeats nothing yet.
     *
     * @param patienceNanos after so long without the replies that are still to come, the stream is given up
     */
    Repetition(Loop loop, Attachment attachment, Sequencer sequencer, FrameSender sender, long patienceNanos) {
        this.loop = loop;
        this.attachment = attachment;
        this.sequencer = sequencer;
        this.sender = sender;
        this.patienceNanos = patienceNanos;
    }

    /** A command was turned back; answers whether the stream can go on. */
    boolean onTurnedBack(Reply reply) {
        long before = sequencer.turns();
        sequencer.turnedBack(reply);
        if (sequencer.turns() != before) {
            if (sequencer.turnsInVain() > TURNS_MAX) {
                return false;
            }
            inThisTurn(patienceNanos, current -> current.giveUp("replies are missing"));
        }
        goAgainAfter(reply);
        return true;
    }

    /** A reply has come: if it was the last one to what was turned back, all that goes again. */
    void goAgainAfter(Reply reply) {
        if (!sequencer.mayGoAgain(reply)) {
            return;
        }
        if (sequencer.turnsInVain() == 0) {
            sequencer.goAgain();
        } else {
            inThisTurn(TURN_PAUSE_NANOS << sequencer.turnsInVain(), current -> {
                sequencer.goAgain();
                sender.scheduleFlush();
            });
        }
    }

    /** Does something later, if the same commands still wait to go again on the same stream. */
    private void inThisTurn(long delayNanos, Consumer<Stream> action) {
        Stream current = attachment.stream();
        long turn = sequencer.turns();
        loop.schedule(
                () -> {
                    if (current != null
                            && current == attachment.stream()
                            && sequencer.isTurnedBack()
                            && sequencer.turns() == turn) {
                        action.accept(current);
                    }
                },
                delayNanos);
    }
}
