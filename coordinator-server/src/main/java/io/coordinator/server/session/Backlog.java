package io.coordinator.server.session;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much one client has in flight, and when its next frame may be read. While too much is unanswered, or the client
 * does not take its answers, its stream is left unread: the sender feels it, nobody else does.
 */
final class Backlog {
    /** Bytes that may pile up in the transport before its client is left waiting. */
    private static final long UNSENT_BYTES_MAX = 8 << 20;

    private final FrameSink sink;
    private final int unansweredMax;
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicBoolean frameOwed = new AtomicBoolean();
    /** Only the draining thread writes these. */
    private long bytesAtReady;

    private volatile long unsentBytes;

    Backlog(FrameSink sink, int unansweredMax) {
        this.sink = sink;
        this.unansweredMax = unansweredMax;
    }

    /** A frame with so many commands and queries was read. */
    void received(int requests) {
        unanswered.addAndGet(requests);
    }

    void answered(int requests) {
        unanswered.addAndGet(-requests);
    }

    /** Called after each drain. */
    void sent(long totalBytes, boolean ready) {
        if (ready) {
            bytesAtReady = totalBytes;
        }
        unsentBytes = totalBytes - bytesAtReady;
        requestIfOwed();
    }

    /** The frame read last has been dealt with; the next is wanted as soon as there is room for it. */
    void wantFrame() {
        frameOwed.set(true);
        requestIfOwed();
    }

    private void requestIfOwed() {
        if (unanswered.get() < unansweredMax
                && unsentBytes < UNSENT_BYTES_MAX
                && frameOwed.compareAndSet(true, false)) {
            sink.requestFrame();
        }
    }
}
