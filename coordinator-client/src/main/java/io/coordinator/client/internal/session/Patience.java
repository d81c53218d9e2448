package io.coordinator.client.internal.session;

/**
 * How long to wait for an answer before its sender counts as silent: twice what answers were seen to take at worst, as
 * far as a smoothed mean and deviation tell (as RFC 6298 does for TCP). So a cluster that commits slowly is not left
 * for being slow. Lives on the loop.
 */
final class Patience {
    private long meanNanos;
    private long deviationNanos;
    private boolean sampled;

    /** An answer took so long. */
    void answered(long nanos) {
        if (sampled) {
            deviationNanos += (Math.abs(nanos - meanNanos) - deviationNanos) / 4;
            meanNanos += (nanos - meanNanos) / 8;
        } else {
            sampled = true;
            meanNanos = nanos;
            deviationNanos = nanos / 2;
        }
    }

    /** The time to wait, within bounds; the lower one counts if they contradict each other. */
    long nanos(long atLeast, long atMost) {
        return Math.max(atLeast, Math.min(atMost, 2 * (meanNanos + 4 * deviationNanos)));
    }
}
