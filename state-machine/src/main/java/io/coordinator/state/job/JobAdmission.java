package io.coordinator.state.job;

import io.coordinator.protocol.CompleteJob;
import io.coordinator.protocol.ConfigureQueue;
import io.coordinator.protocol.JobCommand;
import io.coordinator.protocol.JobQuery;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.PurgeQueue;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.RetryPolicy;
import io.coordinator.state.kernel.Check;

/** What is wrong with a command or query about jobs whatever the state. */
final class JobAdmission {
    private static final int PERCENT_MAX = 100;
    private static final int FACTOR_PERCENT_MAX = 10_000;

    private JobAdmission() {}

    static void admit(JobCommand job, Check check) {
        switch (job.getOperationCase()) {
            case CONFIGURE -> admit(job.getConfigure(), check);
            case SUBMIT -> job.getSubmit().getJobsList().forEach(asked -> admitOfClient(asked, check));
            case JOIN ->
                check.atLeast("concurrency", 1, job.getJoin().getConcurrency())
                        .atMost(
                                "concurrency",
                                JobLimits.CONCURRENCY_MAX,
                                job.getJoin().getConcurrency());
            case COMPLETE -> admit(job.getComplete(), check);
            case REDRIVE -> check.atLeast("count", 0, job.getRedrive().getCount());
            case PURGE -> admit(job.getPurge(), check);
            case AWAIT, CANCEL_AWAIT, CANCEL, LEAVE, STEP, PROGRESS, RERUN, DELETE -> {}
            case OPERATION_NOT_SET -> check.unknown("the operation of jobs");
        }
    }

    private static void admit(ConfigureQueue configure, Check check) {
        QueueSettings settings = configure.getSettings();
        // Negative is what a Java int makes of a number beyond 2^31.
        check.require(
                        !configure.getOnlyPaused() || configure.hasSettings(),
                        "settings",
                        "must say whether the queue is paused")
                .atLeast("concurrency_max", 0, settings.getConcurrencyMax())
                .atLeast("key_concurrency_max", 0, settings.getKeyConcurrencyMax())
                .atLeast("retention_millis", 0, settings.getRetentionMillis())
                .atLeast("finished_max", 0, settings.getFinishedMax())
                .atMost("finished_max", JobLimits.FINISHED_MAX, settings.getFinishedMax())
                .atLeast("jobs_max", 0, settings.getJobsMax())
                .atLeast("attempt_millis", 0, settings.getAttemptMillis());
        admit(settings.getRetry(), check);
    }

    private static void admit(RetryPolicy retry, Check check) {
        check.atLeast("attempts_max", 0, retry.getAttemptsMax())
                .atLeast("backoff_millis", 0, retry.getBackoffMillis())
                .atLeast("backoff_max_millis", 0, retry.getBackoffMaxMillis())
                .require(
                        retry.getFactorPercent() == 0 || retry.getFactorPercent() >= PERCENT_MAX,
                        "factor_percent",
                        "must be 100 or more, so that no delay is shorter than the one before")
                .atMost("factor_percent", FACTOR_PERCENT_MAX, retry.getFactorPercent())
                .atLeast("jitter_percent", 0, retry.getJitterPercent())
                .atMost("jitter_percent", PERCENT_MAX, retry.getJitterPercent())
                .require(
                        !retry.getNoJitter() || retry.getJitterPercent() == 0,
                        "jitter_percent",
                        "must not be set together with no_jitter");
    }

    private static void admitOfClient(NewJob job, Check check) {
        check.require(job.getSchedule().isEmpty(), "schedule", "is set by schedules only; leave it out");
        admit(job, check);
    }

    static void admit(NewJob job, Check check) {
        check.atLeast("delay_millis", 0, job.getDelayMillis()).atLeast("attempt_millis", 0, job.getAttemptMillis());
        admit(job.getRetry(), check);
    }

    private static void admit(CompleteJob complete, Check check) {
        switch (complete.getOutcomeCase()) {
            case RESULT -> check.json("result", complete.getResult());
            case FAILURE ->
                check.atLeast("delay_millis", 0, complete.getFailure().getDelayMillis());
            case CANCELLED -> check.require(complete.getCancelled(), "cancelled", "must be true if it is set");
            case HANDED_BACK -> check.require(complete.getHandedBack(), "handed_back", "must be true if it is set");
            case OUTCOME_NOT_SET -> check.unknown("the outcome of a job");
        }
    }

    private static void admit(PurgeQueue purge, Check check) {
        check.require(
                purge.getWaiting() || purge.getFinished() || purge.getDead(),
                "a purge",
                "must name the kinds of jobs that it takes away: waiting, finished, dead");
    }

    static void admit(JobQuery job, Check check) {
        switch (job.getOperationCase()) {
            case INSPECT, LIST, STEPS, INSPECT_QUEUE ->
                check.present("namespace", job.getNamespace()).present("queue", job.getQueue());
            case LIST_QUEUES -> {}
            case OPERATION_NOT_SET -> check.unknown("the query about jobs");
        }
        check.known("state", job.getList().getState());
    }
}
