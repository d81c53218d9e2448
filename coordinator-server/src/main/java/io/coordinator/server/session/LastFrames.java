package io.coordinator.server.session;

import io.coordinator.protocol.ServerFrame;

/**
 * The end of one stream: a client gets some time to take what was written for it, its goodbye last, and then the stream
 * is cut. Marked and finished by the thread that writes; any thread may look.
 */
final class LastFrames {
    /** Time for a goodbye to be read before the stream is cut. */
    private static final long GOODBYE_NANOS = 2_000_000_000L;

    private final FrameSink<ServerFrame> sink;
    private final StreamAccount account;
    private volatile boolean ended;
    private volatile boolean cut;
    private volatile long endedNanos;
    private boolean sinkEnded;

    LastFrames(FrameSink<ServerFrame> sink, StreamAccount account) {
        this.sink = sink;
        this.account = account;
    }

    /** Whether nothing more is to be written. */
    boolean isEnded() {
        return ended;
    }

    void end() {
        endedNanos = System.nanoTime();
        ended = true;
        account.end();
    }

    /** Whether the client was given its time and did not take the rest; true once, and then {@link #finish} cuts. */
    boolean isToBeCut(long nowNanos) {
        if (ended && !cut && account.isHanding() && nowNanos - endedNanos > GOODBYE_NANOS) {
            cut = true;
            return true;
        }
        return false;
    }

    /** Ends the transport once it has taken everything: until then it can still be cut. */
    void finish(FrameWriter writer) {
        if (sinkEnded) {
            return;
        }
        if (cut) {
            sinkEnded = true;
            sink.reset();
        } else if (writer.isOpen() || !account.isHanding()) {
            sinkEnded = true;
            sink.end();
        }
    }
}
