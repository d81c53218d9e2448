package io.coordinator.testing.history.job;

import java.util.List;
import java.util.Map;

/**
 * What there is of a queue in the end.
 *
 * @param jobs where each job is that the queue remembers
 * @param succeeded how many have succeeded, as the queue itself counts
 * @param counted how often completions have incremented the queue's counter
 * @param written the ids that completions have written into documents, as often as they are there
 */
public record QueueEnd(String queue, Map<String, State> jobs, long succeeded, long counted, List<String> written) {
    public QueueEnd {
        jobs = Map.copyOf(jobs);
        written = List.copyOf(written);
    }

    /** Where a job is. */
    public enum State {
        SUCCEEDED,
        DEAD,
        CANCELED,
        UNFINISHED
    }
}
