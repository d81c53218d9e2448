package io.coordinator.cli.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.ClientNames;
import io.coordinator.cli.console.Columns;
import io.coordinator.cli.console.Dates;
import io.coordinator.cli.console.Elapsed;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.Printable;
import io.coordinator.client.job.JobAttempt;
import io.coordinator.client.job.JobFailure;
import io.coordinator.client.job.JobStatus;
import io.coordinator.client.job.JobStep;
import io.coordinator.client.job.JobSummary;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Everything about one job, for people and for programs. */
final class JobReport {
    private static final Columns<JobAttempt> ATTEMPTS = new Columns<JobAttempt>()
            .number("ATTEMPT", "number", JobAttempt::number)
            .text("OUTCOME", "outcome", attempt -> outcome(attempt.outcome()))
            .column(
                    "STARTED",
                    "startedAt",
                    attempt -> Dates.text(attempt.startedAt()),
                    attempt -> JobListings.date(Optional.of(attempt.startedAt())))
            .column(
                    "ENDED",
                    "endedAt",
                    attempt -> JobListings.text(attempt.endedAt()),
                    attempt -> JobListings.date(attempt.endedAt()))
            .cell("TOOK", JobReport::took)
            .text("HOST", "host", attempt -> ClientNames.host(attempt.worker()))
            .text("WORKER", "worker", JobAttempt::worker)
            .column(
                    "FAILURE",
                    "failure",
                    attempt -> attempt.failure().map(JobListings::brief).orElse(""),
                    attempt -> JobListings.json(attempt.failure()));

    private static final Columns<JobStep> STEPS = new Columns<JobStep>()
            .text("STEP", "name", JobStep::name)
            .number("ATTEMPT", "attempt", JobStep::attempt)
            .json("RESULT", "result", step -> Optional.of(step.result()));

    private final String queue;
    private final JobStatus job;
    private final List<JobStep> steps;

    JobReport(String queue, JobStatus job, List<JobStep> steps) {
        this.queue = queue;
        this.job = job;
        this.steps = List.copyOf(steps);
    }

    // ---- for people ----

    /** Long values are cut. */
    String text() {
        JobSummary summary = job.summary();
        StringBuilder text = new StringBuilder(JobListings.WORK.table(List.of(WorkItem.of(queue, summary))));
        text.append("\nsubmitted ").append(Dates.text(summary.submittedAt()));
        text.append(" by ").append(Printable.brief(summary.submitter()));
        text.append(summary.schedule().isEmpty() ? "" : " for schedule '" + Printable.brief(summary.schedule()) + "'");
        text.append(", priority ").append(summary.priority()).append('\n');
        line(text, "payload", Json.brief(job.payload()));
        job.progress().ifPresent(progress -> line(text, "progress", Json.brief(progress)));
        job.result().ifPresent(result -> line(text, "result", Json.brief(result)));
        lastFailure().ifPresent(failure -> line(text, "failure", whole(failure)));
        table(text, ATTEMPTS, job.attempts());
        table(text, STEPS, steps);
        return text.toString();
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append(what).append(": ").append(Printable.lines(value)).append('\n');
    }

    private static <T> void table(StringBuilder text, Columns<T> columns, List<T> rows) {
        text.append(rows.isEmpty() ? "" : '\n' + columns.table(rows));
    }

    /** Of one that is dead, or is to be tried again. */
    private Optional<JobFailure> lastFailure() {
        if (job.failure().isPresent()) {
            return job.failure();
        }
        return job.attempts().isEmpty()
                ? Optional.empty()
                : job.attempts().get(job.attempts().size() - 1).failure();
    }

    private static String whole(JobFailure failure) {
        return failure.code() + (failure.permanent() ? ", for good: " : ": ") + failure.message();
    }

    private static String took(JobAttempt attempt) {
        return attempt.endedAt()
                .map(end ->
                        Elapsed.text(Duration.between(attempt.startedAt(), end).toMillis()))
                .orElse("");
    }

    private static String outcome(JobAttempt.Outcome outcome) {
        return switch (outcome) {
            case CANCELED -> "cancelled";
            case HANDED_BACK -> "handed back";
            case TIMED_OUT -> "timed out";
            case RUNNING, SUCCEEDED, FAILED, LOST, OTHER -> outcome.name().toLowerCase(Locale.ROOT);
        };
    }

    // ---- for programs ----

    ObjectNode json() {
        ObjectNode json = JobListings.WORK.json(WorkItem.of(queue, job.summary()));
        json.set("startedAt", JobListings.date(job.summary().startedAt()));
        json.set("finishedAt", JobListings.date(job.summary().finishedAt()));
        json.put("cancelRequested", job.summary().cancelRequested());
        json.set("payload", job.payload());
        job.progress().ifPresent(progress -> json.set("progress", progress));
        job.result().ifPresent(result -> json.set("result", result));
        json.set("failure", JobListings.json(job.failure()));
        json.set("attemptList", ATTEMPTS.array(job.attempts()));
        json.set("stepList", STEPS.array(steps));
        return json;
    }
}
