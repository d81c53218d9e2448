package io.coordinator.client.internal.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.job.JobAttempt;
import io.coordinator.client.job.JobFailure;
import io.coordinator.client.job.JobPage;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.JobStatus;
import io.coordinator.client.job.JobSummary;
import io.coordinator.protocol.JobInspection;
import io.coordinator.protocol.JobList;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What the cluster's answers about jobs look like to user code. */
final class JobViews {
    private JobViews() {}

    static JobState state(io.coordinator.protocol.JobState state) {
        return switch (state) {
            case DELAYED -> JobState.DELAYED;
            case WAITING -> JobState.WAITING;
            case RUNNING -> JobState.RUNNING;
            case SUCCEEDED -> JobState.SUCCEEDED;
            case DEAD -> JobState.DEAD;
            case CANCELED -> JobState.CANCELED;
            case JOB_STATE_UNSPECIFIED, UNRECOGNIZED -> JobState.OTHER;
        };
    }

    static io.coordinator.protocol.JobState message(JobState state) {
        return switch (state) {
            case DELAYED -> io.coordinator.protocol.JobState.DELAYED;
            case WAITING -> io.coordinator.protocol.JobState.WAITING;
            case RUNNING -> io.coordinator.protocol.JobState.RUNNING;
            case SUCCEEDED -> io.coordinator.protocol.JobState.SUCCEEDED;
            case DEAD -> io.coordinator.protocol.JobState.DEAD;
            case CANCELED -> io.coordinator.protocol.JobState.CANCELED;
            case OTHER -> io.coordinator.protocol.JobState.JOB_STATE_UNSPECIFIED;
        };
    }

    static JobStatus status(JobInspection job, JsonCodec json) {
        return new JobStatus(
                summary(job.getSummary()),
                json.read(job.getPayload()),
                value(job.getEnd().getResult(), json),
                job.getEnd().hasFailure() ? Optional.of(failure(job.getEnd().getFailure())) : Optional.empty(),
                value(job.getProgress(), json),
                job.getAttemptsList().stream().map(JobViews::attempt).toList());
    }

    private static Optional<JsonNode> value(ByteString bytes, JsonCodec json) {
        return bytes.isEmpty() ? Optional.empty() : Optional.of(json.read(bytes));
    }

    private static JobFailure failure(io.coordinator.protocol.JobFailure failure) {
        return new JobFailure(failure.getCode(), failure.getMessage(), failure.getType(), failure.getPermanent());
    }

    private static JobAttempt attempt(io.coordinator.protocol.JobAttempt attempt) {
        return new JobAttempt(
                attempt.getNumber(),
                attempt.getWorker(),
                Instant.ofEpochMilli(attempt.getStartedDateMillis()),
                date(attempt.getEndedDateMillis()),
                outcome(attempt.getOutcome()),
                attempt.hasFailure() ? Optional.of(failure(attempt.getFailure())) : Optional.empty());
    }

    private static JobAttempt.Outcome outcome(io.coordinator.protocol.JobAttempt.Outcome outcome) {
        return switch (outcome) {
            case RUNNING_NOW -> JobAttempt.Outcome.RUNNING;
            case OK -> JobAttempt.Outcome.SUCCEEDED;
            case FAILED -> JobAttempt.Outcome.FAILED;
            case LOST -> JobAttempt.Outcome.LOST;
            case TIMED_OUT -> JobAttempt.Outcome.TIMED_OUT;
            case CANCELLED_BY_USER -> JobAttempt.Outcome.CANCELED;
            case HANDED_BACK -> JobAttempt.Outcome.HANDED_BACK;
            case UNRECOGNIZED -> JobAttempt.Outcome.OTHER;
        };
    }

    private static Optional<Instant> date(long millis) {
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    static JobPage page(JobList list) {
        return new JobPage(list.getJobsList().stream().map(JobViews::summary).toList(), list.getMore());
    }

    private static JobSummary summary(io.coordinator.protocol.JobSummary job) {
        return new JobSummary(
                job.getId(),
                state(job.getState()),
                job.getAttempts(),
                job.getPriority(),
                job.getKey(),
                Instant.ofEpochMilli(job.getSubmittedDateMillis()),
                date(job.getStartedDateMillis()),
                date(job.getFinishedDateMillis()),
                Duration.ofMillis(job.getRemainingMillis()),
                job.getSubmitter(),
                job.getWorker(),
                job.getCancelRequested(),
                job.getSchedule());
    }
}
