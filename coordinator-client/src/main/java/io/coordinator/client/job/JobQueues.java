package io.coordinator.client.job;

import io.coordinator.client.error.ValidationException;
import java.util.List;

/**
 * Queues of jobs (B-26): each job is done once across all hosts that work for its queue, now or later, and is tried
 * again when that fails.
 */
public interface JobQueues {
    /** The namespace of the queues. */
    String namespace();

    /**
     * The queue of that name; asks the cluster nothing.
     *
     * @param name a <a href="../package-summary.html#names">name</a>
     * @throws ValidationException if it is empty, or has NUL or half of a surrogate pair
     */
    JobQueue queue(String name);

    /** The first queues, in the order of their names. */
    default List<QueueSummary> list() {
        return list("", "", 1_000);
    }

    /**
     * Queues of this namespace, in the order of their names.
     *
     * @param prefix of their names; empty for all. A <a href="../package-summary.html#names">name</a> otherwise
     * @param after the name behind which the list begins; empty for the beginning
     * @param limit at most so many, from 1; fewer come if the cluster's pages are smaller
     */
    List<QueueSummary> list(String prefix, String after, int limit);
}
