package io.coordinator.client;

/**
 * Counts over the whole replicated state, at one log index.
 *
 * @param sessions open
 * @param locks held
 * @param lockWaiters in line for a lock
 * @param cacheEntries stored
 * @param buildsPending being built
 * @param buildsDone stored results
 * @param buildWaiters waiting for a builder
 * @param lastToken the last fencing token issued
 * @param revision the global revision
 * @param digest of the state at {@code index}
 * @param index the log index of this answer
 */
public record ClusterStats(
        long sessions,
        long locks,
        long lockWaiters,
        long cacheEntries,
        long buildsPending,
        long buildsDone,
        long buildWaiters,
        long lastToken,
        long revision,
        long digest,
        long index) {}
