package io.coordinator.client.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.watch.ChangeEvent;
import java.util.Optional;

/**
 * What has happened to a job.
 *
 * @param revision the global revision of the change
 * @param id of the job
 * @param kind SUBMITTED, also when it was rerun or redriven; STARTED; COMPLETED; FAILED and LOST, of attempts; RELEASED
 *     when one was handed back; DIED; WITHDRAWN when it was cancelled; PROGRESS
 * @param state where the job is since
 * @param attempt how many attempts count by then; 0 with PROGRESS, which does not tell that
 * @param progress what was reported
 */
public record JobChange(
        long revision, String id, ChangeEvent.Kind kind, JobState state, int attempt, Optional<JsonNode> progress) {}
