package io.coordinator.client.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * Everything about one job.
 *
 * @param summary as in lists
 * @param payload what was submitted; JSON null for nothing
 * @param result of one that succeeded
 * @param failure of one that is dead: its last
 * @param progress what the present attempt has reported
 * @param attempts its last ten, the oldest first
 */
public record JobStatus(
        JobSummary summary,
        JsonNode payload,
        Optional<JsonNode> result,
        Optional<JobFailure> failure,
        Optional<JsonNode> progress,
        List<JobAttempt> attempts) {
    /** Copies the list. */
    public JobStatus {
        attempts = List.copyOf(attempts);
    }

    /** Where it is. */
    public JobState state() {
        return summary.state();
    }
}
