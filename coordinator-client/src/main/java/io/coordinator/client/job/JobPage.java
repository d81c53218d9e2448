package io.coordinator.client.job;

import java.util.List;

/**
 * Jobs of a queue.
 *
 * @param jobs in the order that the filter says
 * @param more whether there are more behind the last one
 */
public record JobPage(List<JobSummary> jobs, boolean more) {
    /** Copies the list. */
    public JobPage {
        jobs = List.copyOf(jobs);
    }
}
