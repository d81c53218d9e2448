package io.coordinator.server.session;

import io.coordinator.protocol.ServerFrame;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much one client has in flight, and when its next frame may be read. While too much is unanswered, or the client
 * does not take its answers, its stream is left unread: the sender feels it, nobody else does.
 */
final class Backlog {
    private final FrameSink<ServerFrame> sink;
    private final StreamAccount account;
    private final int unansweredMax;
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicBoolean frameOwed = new AtomicBoolean();

    Backlog(FrameSink<ServerFrame> sink, StreamAccount account, int unansweredMax) {
        this.sink = sink;
        this.account = account;
        this.unansweredMax = unansweredMax;
    }

    /** A frame with so many commands, queries and starts of watches was read. */
    void received(int requests) {
        unanswered.addAndGet(requests);
    }

    void answered(int requests) {
        unanswered.addAndGet(-requests);
    }

    /** The frame read last has been dealt with; the next is wanted as soon as there is room for it. */
    void wantFrame() {
        frameOwed.set(true);
        requestIfOwed();
    }

    /** Called after each drain. */
    void requestIfOwed() {
        if (frameOwed.get() && hasRoom() && frameOwed.compareAndSet(true, false)) {
            sink.requestFrame();
        }
    }

    /** Whether the client is left unread at the moment, so that nothing it says can be heard. */
    boolean isPaused() {
        return frameOwed.get();
    }

    private boolean hasRoom() {
        return unanswered.get() < unansweredMax && account.hasRoom();
    }
}
