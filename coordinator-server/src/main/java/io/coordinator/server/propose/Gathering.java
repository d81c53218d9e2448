package io.coordinator.server.propose;

/**
 * How long an entry waits for company when nothing is in flight. Callers that were answered together ask again
 * together, but their requests arrive one by one: if the first of them went alone, all others would wait for its
 * commit. So after an entry of n commands the next one waits for half as many, at most for a quarter of the time that
 * the last commit took. A single caller never waits, and under falling load the expectation halves with every entry.
 */
final class Gathering {
    private static final long NANOS_MAX = 500_000;
    private static final int PART_OF_COMMIT = 4;

    private volatile int expected;
    private volatile long endNanos;

    /** An entry with so many commands was applied, this long after its submission. */
    void applied(int commands, long commitNanos, long nowNanos) {
        endNanos = nowNanos + Math.min(commitNanos / PART_OF_COMMIT, NANOS_MAX);
        expected = commands / 2;
    }

    /** The number of queued commands that is worth an entry at once. */
    int expected() {
        return expected;
    }

    /** How long the next entry should still wait if so many commands are queued; 0 if it should go. */
    long waitNanos(int queued, long nowNanos) {
        return queued >= expected ? 0 : Math.max(0, endNanos - nowNanos);
    }
}
