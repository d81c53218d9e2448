package io.coordinator.client.job;

import java.util.List;

/**
 * Everything about one queue.
 *
 * @param summary as in lists
 * @param options how it gives its jobs to workers
 * @param workers who takes its jobs, in the order in which they came
 */
public record QueueStatus(QueueSummary summary, QueueOptions options, List<Member> workers) {
    /** Copies the list. */
    public QueueStatus {
        workers = List.copyOf(workers);
    }

    /**
     * A worker as the cluster knows it.
     *
     * @param sessionId of its client
     * @param clientName of its client, for people
     * @param concurrency how many jobs it takes at a time
     * @param running how many it has
     * @param draining whether it gets no more
     */
    public record Member(long sessionId, String clientName, int concurrency, int running, boolean draining) {}
}
