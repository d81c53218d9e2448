package io.coordinator.client.lock;

/**
 * A semaphore in a list.
 *
 * @param namespace its namespace
 * @param name its name
 * @param limit how many permits there are
 * @param held how many of them are held
 * @param waiters how many wait
 * @param longestWaitMillis how long the first one has waited; 0 without waiters
 */
public record SemaphoreSummary(
        String namespace, String name, int limit, int held, int waiters, long longestWaitMillis) {}
