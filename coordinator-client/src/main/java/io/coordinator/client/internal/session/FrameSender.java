package io.coordinator.client.internal.session;

import io.coordinator.client.internal.net.Loop;
import io.coordinator.protocol.ClientFrame;
import java.util.concurrent.TimeUnit;

/**
 * When something goes to the cluster: whatever is queued at the end of the loop's turn, in as few frames as it fits,
 * and some time after a reply or an event the word that it has come. Lives on the loop.
 */
final class FrameSender {
    /** When the client says what it has received, if it has nothing else to say. */
    private static final long ACK_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** So many replies may stay unacknowledged in an idle session. */
    private static final int ACK_REPLIES = 1024;

    /** So many bytes of replies may stay unacknowledged in an idle session. */
    private static final long ACK_BYTES = 64L << 10;

    private final Loop loop;
    private final Attachment attachment;
    private final Sequencer sequencer;
    private final Runnable acknowledging;

    private boolean flushScheduled;
    private boolean ackScheduled;

    /**
     * Sends nothing yet.
     *
     * @param acknowledging submits a command that says nothing but what was received
     */
    FrameSender(Loop loop, Attachment attachment, Sequencer sequencer, Runnable acknowledging) {
        this.loop = loop;
        this.attachment = attachment;
        this.sequencer = sequencer;
        this.acknowledging = acknowledging;
    }

    /** There is something to send. */
    void scheduleFlush() {
        if (!flushScheduled && attachment.isAttached()) {
            flushScheduled = true;
            loop.execute(this::flush);
        }
    }

    private void flush() {
        flushScheduled = false;
        Stream current = attachment.stream();
        while (current != null && current == attachment.stream() && current.isReady()) {
            ClientFrame.Builder frame = ClientFrame.newBuilder();
            if (!sequencer.fill(frame, loop.nanoTime())) {
                return;
            }
            current.send(frame.build());
        }
    }

    /** A reply has come, which waits for more of its kind. */
    void onReply() {
        if (areRepliesToAcknowledge()) {
            scheduleAck();
        }
    }

    /** Something has come that the cluster keeps until it is acknowledged. */
    void scheduleAck() {
        if (!ackScheduled) {
            ackScheduled = true;
            loop.schedule(this::acknowledge, ACK_DELAY_NANOS);
        }
    }

    private void acknowledge() {
        ackScheduled = false;
        boolean eventsPending = attachment.session().lastEvent() > sequencer.ackedEvent();
        if (attachment.isAttached() && (eventsPending || areRepliesToAcknowledge())) {
            acknowledging.run();
        }
    }

    private boolean areRepliesToAcknowledge() {
        return attachment.session().log().ackedSeq() - sequencer.ackedSeq() > ACK_REPLIES
                || sequencer.unacknowledgedBytes() > ACK_BYTES;
    }
}
