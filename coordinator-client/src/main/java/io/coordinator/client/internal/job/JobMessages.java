package io.coordinator.client.internal.job;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.job.NewJobSpec;
import io.coordinator.client.job.PurgeKind;
import io.coordinator.client.job.QueueOptions;
import io.coordinator.client.option.RetryOptions;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.JobCommand;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.PurgeQueue;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.RetryPolicy;
import io.coordinator.protocol.SubmitJobs;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What users give, as messages. */
public final class JobMessages {
    private static final int JOBS_MAX = 1_000;

    private JobMessages() {}

    /** A submission as a part of a transaction. */
    public static Command submission(
            String namespace, String queue, @Nullable Object payload, SubmitOptions options, JsonCodec json) {
        JobCommand.Builder body = JobCommand.newBuilder()
                .setNamespace(namespace)
                .setQueue(Calls.checkName("queue", queue))
                .setSubmit(SubmitJobs.newBuilder().addJobs(newJob(payload, options, json)));
        return Command.newBuilder().setJob(body).build();
    }

    /**
     * Jobs that are submitted together.
     *
     * @throws ValidationException if there are none or too many, or one cannot be written as JSON
     */
    static SubmitJobs.Builder submission(List<NewJobSpec> jobs, JsonCodec json) {
        if (jobs.isEmpty() || jobs.size() > JOBS_MAX) {
            throw new ValidationException(
                    "1 to " + JOBS_MAX + " jobs are submitted together, but there are " + jobs.size());
        }
        SubmitJobs.Builder submit = SubmitJobs.newBuilder();
        jobs.forEach(job -> submit.addJobs(newJob(job.payload(), job.options(), json)));
        return submit;
    }

    private static NewJob.Builder newJob(@Nullable Object payload, SubmitOptions options, JsonCodec json) {
        NewJob.Builder job = NewJob.newBuilder()
                .setId(options.id())
                .setPayload(json.write(payload))
                .setDelayMillis(Times.millis(options.delay()))
                .setPriority(options.priority())
                .setKey(options.key())
                .setAttemptMillis(Times.millis(options.attemptTimeout()));
        options.retry().ifPresent(retry -> job.setRetry(policy(retry)));
        return job;
    }

    private static RetryPolicy policy(RetryOptions options) {
        return RetryPolicy.newBuilder()
                .setAttemptsMax(options.attemptsMax())
                .setBackoffMillis(Times.millis(options.backoff()))
                .setBackoffMaxMillis(Times.millis(options.backoffMax()))
                .setFactorPercent(options.factorPercent())
                .setJitterPercent(options.jitterPercent())
                .setNoJitter(options.jitterPercent() == 0)
                .build();
    }

    static QueueSettings settings(QueueOptions options) {
        return QueueSettings.newBuilder()
                .setConcurrencyMax(options.concurrencyMax())
                .setKeyConcurrencyMax(options.keyConcurrencyMax())
                .setRetry(policy(options.retry()))
                .setRetentionMillis(Times.millis(options.retention()))
                .setFinishedMax(options.finishedMax())
                .setJobsMax(options.jobsMax())
                .setAttemptMillis(Times.millis(options.attemptTimeout()))
                .setPaused(options.paused())
                .build();
    }

    static PurgeQueue purge(Set<PurgeKind> kinds) {
        if (kinds.isEmpty()) {
            throw new ValidationException("kinds must name at least one kind of jobs");
        }
        return PurgeQueue.newBuilder()
                .setWaiting(kinds.contains(PurgeKind.WAITING))
                .setFinished(kinds.contains(PurgeKind.FINISHED))
                .setDead(kinds.contains(PurgeKind.DEAD))
                .build();
    }
}
