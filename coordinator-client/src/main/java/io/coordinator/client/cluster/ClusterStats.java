package io.coordinator.client.cluster;

import java.util.List;

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
 * @param semaphores in use or resized
 * @param permitWaiters in line for permits
 * @param documents stored
 * @param stateBytes the heap that the state takes on each node, as estimated
 * @param stateBytesMax its quota; 0 if there is none yet
 * @param chores large jobs, such as clears, that are being done in slices
 * @param usage by kind and namespace, the largest first; at most 100
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
        long index,
        long semaphores,
        long permitWaiters,
        long documents,
        long stateBytes,
        long stateBytesMax,
        long chores,
        List<NamespaceUsage> usage) {
    public ClusterStats {
        usage = List.copyOf(usage);
    }
}
