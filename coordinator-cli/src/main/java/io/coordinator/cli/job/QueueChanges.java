package io.coordinator.cli.job;

import io.coordinator.cli.console.DurationConverter;
import io.coordinator.client.job.QueueOptions;
import io.coordinator.client.option.RetryOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What of a queue's options is to be another; what is not given stays. */
final class QueueChanges {
    @Option(
            names = "--concurrency",
            paramLabel = "JOBS",
            description = "How many run at a time, over all workers. 0: as many as workers take")
    private @Nullable Integer concurrency;

    @Option(
            names = "--key-concurrency",
            paramLabel = "JOBS",
            description = "How many of one key run at a time; with more than 1 in no order.")
    private @Nullable Integer keyConcurrency;

    @Option(names = "--attempts", paramLabel = "COUNT", description = "How often a job is tried.")
    private @Nullable Integer attempts;

    @Option(
            names = "--backoff",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long the second attempt waits.")
    private @Nullable Duration backoff;

    @Option(
            names = "--backoff-max",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long an attempt waits at most.")
    private @Nullable Duration backoffMax;

    @Option(
            names = "--factor",
            paramLabel = "PERCENT",
            description = "How long each attempt waits, of the wait before: 200 for twice as long.")
    private @Nullable Integer factor;

    @Option(names = "--jitter", paramLabel = "PERCENT", description = "Up to how much of the wait is left out.")
    private @Nullable Integer jitter;

    @Option(
            names = "--attempt-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long an attempt may take. 0: as long as its worker's session lives")
    private @Nullable Duration attemptTimeout;

    @Option(
            names = "--retention",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long finished jobs are remembered. 0: an hour")
    private @Nullable Duration retention;

    @Option(
            names = "--finished-max",
            paramLabel = "JOBS",
            description = "How many finished jobs are remembered. 0: 10000")
    private @Nullable Integer finishedMax;

    @Option(
            names = "--jobs-max",
            paramLabel = "JOBS",
            description = "How many may wait, run or be dead; more are refused. 0: 1000000")
    private @Nullable Integer jobsMax;

    /** The options with the changes. */
    QueueOptions of(QueueOptions before) {
        return before.withConcurrencyMax(orElse(concurrency, before.concurrencyMax()))
                .withKeyConcurrencyMax(orElse(keyConcurrency, before.keyConcurrencyMax()))
                .withRetry(of(before.retry()))
                .withAttemptTimeout(orElse(attemptTimeout, before.attemptTimeout()))
                .withRetention(orElse(retention, before.retention()), orElse(finishedMax, before.finishedMax()))
                .withJobsMax(orElse(jobsMax, before.jobsMax()));
    }

    private RetryOptions of(RetryOptions before) {
        return new RetryOptions(
                orElse(attempts, before.attemptsMax()),
                orElse(backoff, before.backoff()),
                orElse(backoffMax, before.backoffMax()),
                orElse(factor, before.factorPercent()),
                orElse(jitter, before.jitterPercent()));
    }

    private static <T> T orElse(@Nullable T given, T before) {
        return given == null ? before : given;
    }
}
