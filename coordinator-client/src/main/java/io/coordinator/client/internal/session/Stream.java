package io.coordinator.client.internal.session;

import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.net.Link;
import io.coordinator.client.internal.net.LinkListener;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.KeepAlive;
import io.coordinator.protocol.KeepAliveReply;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.WatchUpdate;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One stream to the leader, from its welcome to its end: takes frames apart and keeps the stream alive. Lives on the
 * loop.
 */
final class Stream implements LinkListener {
    private static final long SILENCE_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(250);

    /** A stream that is given up after this part of the lease leaves time to find another before the lease ends. */
    private static final int SILENCE_OF_LEASE = 3;

    /**
     * A node that hears the client for so long and proves nothing may be a leader cut off from the others, which does
     * not know it.
     */
    private static final int UNPROVEN_OF_LEASE = 2;

    /** Keep-alives come up to this part of their interval early, so that those of many clients spread. */
    private static final double SPREAD = 0.15;

    /** Answers to older ones are of no use. */
    private static final int KEEP_ALIVES_REMEMBERED = 16;

    private final Loop loop;
    private final Link link;
    private final String endpoint;
    private final Owner owner;
    private final Duration interval;
    private final Patience patience;
    private final long leaseNanos;
    private final long[] sentNanos = new long[KEEP_ALIVES_REMEMBERED];
    private long keepAliveId;
    private boolean heardLately;
    private boolean listening;
    private long silenceDueNanos;
    private boolean over;
    private Loop.Timer keepAliveTimer = Loop.Timer.NONE;
    private Loop.Timer silenceTimer = Loop.Timer.NONE;
    private Loop.Timer proofTimer = Loop.Timer.NONE;
    private boolean unproven;

    /** What a stream carries, and for whom. */
    interface Owner {
        void onReply(Reply reply);

        /**
         * A command was not applied because of what went before it; answers whether the stream can go on with its
         * repetition.
         */
        boolean onTurnedBack(Reply reply);

        void onAnswer(Answer answer);

        /** Answers whether it came in order. */
        boolean onEvent(Event event);

        void onWatchUpdate(WatchUpdate update);

        void onKeepAlive(long sentNanos, KeepAliveReply reply);

        /** A whole frame has been handled, or the transport takes more: a good moment to send. */
        void onTurn();

        /**
         * The stream has ended, for the reason given.
         *
         * @param silently the node did not say goodbye
         */
        void onStreamEnd(Stream stream, Error reason, boolean silently);
    }

    Stream(
            Loop loop,
            Link link,
            String endpoint,
            Owner owner,
            Duration keepAliveInterval,
            Patience patience,
            long leaseNanos) {
        this.loop = loop;
        this.link = link;
        this.endpoint = endpoint;
        this.owner = owner;
        this.interval = keepAliveInterval;
        this.patience = patience;
        this.leaseNanos = leaseNanos;
    }

    String endpoint() {
        return endpoint;
    }

    boolean isReady() {
        return !over && link.isReady();
    }

    void send(ClientFrame frame) {
        link.send(frame);
    }

    /** Ends the stream from this side, without a word to the owner. */
    void close() {
        if (!over) {
            over = true;
            keepAliveTimer.cancel();
            silenceTimer.cancel();
            proofTimer.cancel();
            link.close();
        }
    }

    @Override
    public void onReady() {
        owner.onTurn();
    }

    @Override
    public void onClosed(String why) {
        end(ErrorCode.EDISCONNECTED, () -> why, true);
    }

    @Override
    public void onFrame(ServerFrame frame) {
        heardLately = true;
        if (frame.hasKeepAlive()) {
            onKeepAlive(frame.getKeepAlive());
        }
        for (int i = 0; i < frame.getRepliesCount() && !over; i++) {
            onReply(frame.getReplies(i));
        }
        for (int i = 0; i < frame.getAnswersCount() && !over; i++) {
            onAnswer(frame.getAnswers(i));
        }
        for (int i = 0; i < frame.getEventsCount() && !over; i++) {
            onEvent(frame.getEvents(i));
        }
        for (int i = 0; i < frame.getWatchesCount() && !over; i++) {
            owner.onWatchUpdate(frame.getWatches(i));
        }
        if (frame.hasGoodbye() && !over) {
            end(frame.getGoodbye(), false);
        } else if (!over) {
            owner.onTurn();
        }
    }

    private void onReply(Reply reply) {
        boolean turnedBack = reply.getError().getCode() == ErrorCode.EOUTOFORDER && owner.onTurnedBack(reply);
        if (reply.hasError() && isAboutTheWay(reply.getError())) {
            if (!turnedBack) {
                end(reply.getError(), false);
            }
        } else {
            owner.onReply(reply);
        }
    }

    private void onAnswer(Answer answer) {
        if (answer.hasError() && isAboutTheWay(answer.getError())) {
            end(answer.getError(), false);
        } else {
            owner.onAnswer(answer);
        }
    }

    private void onEvent(Event event) {
        if (!owner.onEvent(event)) {
            end(ErrorCode.EDISCONNECTED, () -> "event " + event.getNumber() + " came out of order", false);
        }
    }

    /** Errors of the session and of leadership say nothing about the call itself: it goes again on the next stream. */
    private static boolean isAboutTheWay(Error error) {
        return switch (error.getCode()) {
            case ENOTLEADER, ENOLEADER, EOUTOFORDER, ESESSION -> true;
            default -> false;
        };
    }

    /** Shows that the client lives, and asks whether the node still leads. */
    void keepAlive() {
        keepAliveId++;
        sentNanos[(int) (keepAliveId % KEEP_ALIVES_REMEMBERED)] = loop.nanoTime();
        link.send(ClientFrame.newBuilder()
                .setKeepAlive(KeepAlive.newBuilder().setId(keepAliveId))
                .build());
        double early = SPREAD * ThreadLocalRandom.current().nextDouble();
        keepAliveTimer = loop.schedule(this::keepAlive, (long) (Times.nanos(interval) * (1 - early)));
        if (!unproven) {
            awaitProofOf(keepAliveId);
        }
        if (!listening) {
            listening = true;
            heardLately = false;
            awaitSign(silenceNanos());
        }
    }

    private void awaitProofOf(long id) {
        unproven = true;
        long due = sentNanos[(int) (id % KEEP_ALIVES_REMEMBERED)] + leaseNanos / UNPROVEN_OF_LEASE;
        proofTimer = loop.schedule(
                () -> end(ErrorCode.EDISCONNECTED, () -> "the node does not prove that it leads", true),
                due - loop.nanoTime());
    }

    private long silenceNanos() {
        long atLeast = Math.max(Times.nanos(interval) / 2, SILENCE_NANOS_MIN);
        return patience.nanos(atLeast, leaseNanos / SILENCE_OF_LEASE);
    }

    private void awaitSign(long nanos) {
        silenceDueNanos = loop.nanoTime() + nanos;
        silenceTimer = loop.schedule(this::onSilence, nanos);
    }

    private void onKeepAlive(KeepAliveReply reply) {
        long age = keepAliveId - reply.getId();
        if (age >= 0 && age < KEEP_ALIVES_REMEMBERED) {
            long sent = sentNanos[(int) (reply.getId() % KEEP_ALIVES_REMEMBERED)];
            patience.answered(loop.nanoTime() - sent);
            proofTimer.cancel();
            unproven = false;
            if (age > 0) {
                awaitProofOf(reply.getId() + 1);
            }
            owner.onKeepAlive(sent, reply);
        }
    }

    /** If this comes late, it was this process that could not hear; what has arrived meanwhile is read first. */
    private void onSilence() {
        if (!heardLately && loop.nanoTime() - silenceDueNanos > SILENCE_NANOS_MIN / 2) {
            awaitSign(SILENCE_NANOS_MIN);
            return;
        }
        listening = false;
        if (!heardLately) {
            end(ErrorCode.EDISCONNECTED, () -> "the node went silent", true);
        }
    }

    /** What the owner expected of it did not come: another one must be found. */
    void giveUp(String why) {
        end(ErrorCode.EDISCONNECTED, () -> why, false);
    }

    private void end(ErrorCode code, Supplier<String> why, boolean silently) {
        end(Error.newBuilder().setCode(code).setMessage(why.get()).build(), silently);
    }

    private void end(Error reason, boolean silently) {
        if (!over) {
            close();
            owner.onStreamEnd(this, reason, silently);
        }
    }
}
