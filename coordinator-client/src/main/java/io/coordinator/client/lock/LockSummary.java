package io.coordinator.client.lock;

import java.util.List;

/**
 * A lock in a list.
 *
 * @param namespace its namespace
 * @param name its name
 * @param holders the live grants
 * @param waiters how many wait
 * @param longestWaitMillis how long the first one has waited; 0 without waiters
 * @param clusterTimeMillis cluster time of the answer, to compare the times of its holders with
 */
public record LockSummary(
        String namespace,
        String name,
        List<LockInspection.Hold> holders,
        int waiters,
        long longestWaitMillis,
        long clusterTimeMillis) {
    public LockSummary {
        holders = List.copyOf(holders);
    }
}
