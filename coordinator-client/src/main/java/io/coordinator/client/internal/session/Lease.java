package io.coordinator.client.internal.session;

/**
 * The local view of a session's lease: counted from when something that the cluster answered was <em>sent</em>, while
 * the cluster counts from when it heard it, so that this end comes first (G-13). Written on the loop, read anywhere.
 */
final class Lease {
    /** A twentieth is given away, to be sure that a loss is reported before the cluster acts on it. */
    private static final int MARGIN = 20;

    private volatile long untilNanos;
    private long lengthNanos;

    void grant(long lengthNanos, long sentNanos) {
        this.lengthNanos = lengthNanos - lengthNanos / MARGIN;
        untilNanos = sentNanos + this.lengthNanos;
    }

    /** The cluster answered something sent then. */
    void renew(long sentNanos) {
        long until = sentNanos + lengthNanos;
        if (until - untilNanos > 0) {
            untilNanos = until;
        }
    }

    long untilNanos() {
        return untilNanos;
    }

    boolean hasPassed(long nowNanos) {
        return nowNanos - untilNanos >= 0;
    }
}
