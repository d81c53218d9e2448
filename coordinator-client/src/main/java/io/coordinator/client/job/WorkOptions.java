package io.coordinator.client.job;

import static java.util.Objects.requireNonNull;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.async.Times;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a worker does jobs. Immutable: each method returns a changed copy. */
public final class WorkOptions {
    /** How long {@link JobWorker#close()} waits for handlers, unless told otherwise: 10 s. */
    public static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(10);

    private static final WorkOptions DEFAULTS = new WorkOptions(1, null, null, DRAIN_TIMEOUT);

    private final int concurrency;
    private final @Nullable Executor executor;
    private final @Nullable Consumer<Throwable> errorListener;
    private final Duration drainTimeout;

    private WorkOptions(
            int concurrency,
            @Nullable Executor executor,
            @Nullable Consumer<Throwable> errorListener,
            Duration drainTimeout) {
        this.concurrency = concurrency;
        this.executor = executor;
        this.errorListener = errorListener;
        this.drainTimeout = drainTimeout;
    }

    /** One job at a time, on the client's work executor. */
    public static WorkOptions defaults() {
        return DEFAULTS;
    }

    /**
     * So many jobs at a time, on the client's work executor.
     *
     * @param jobs from 1 to 10,000
     * @throws ValidationException if it is less than 1; more than 10,000 are refused when the worker joins
     */
    public static WorkOptions concurrency(int jobs) {
        return DEFAULTS.withConcurrency(jobs);
    }

    /**
     * How many jobs it does at a time. What nobody has room for waits in the queue.
     *
     * @param jobs from 1 to 10,000
     * @throws ValidationException if it is less than 1; more than 10,000 are refused when the worker joins
     */
    public WorkOptions withConcurrency(int jobs) {
        Arguments.positive("concurrency", jobs);
        return new WorkOptions(jobs, executor, errorListener, drainTimeout);
    }

    /**
     * Runs handlers here instead of on the client's work executor. The client does not shut it down. It may block. A
     * job that it refuses goes to another worker, and its attempt fails with {@code EBUSY} if it goes on refusing.
     */
    public WorkOptions withExecutor(Executor executor) {
        return new WorkOptions(concurrency, requireNonNull(executor, "executor"), errorListener, drainTimeout);
    }

    /**
     * Hears of what handlers throw, except {@link PermanentJobException} and {@link JobRetryException}, of completions
     * that were refused since the job was this worker's no more, and of what ends or hinders the worker. On the
     * callback executor. Without it, such things are logged as warnings. What it throws itself is logged.
     */
    public WorkOptions withErrorListener(Consumer<Throwable> errorListener) {
        return new WorkOptions(concurrency, executor, requireNonNull(errorListener, "errorListener"), drainTimeout);
    }

    /**
     * How long {@link JobWorker#close()} waits for handlers that run.
     *
     * @param timeout 0 or less does not wait; in milliseconds rounded up; over 146 years count as that
     */
    public WorkOptions withDrainTimeout(Duration timeout) {
        return new WorkOptions(concurrency, executor, errorListener, Times.wait(timeout));
    }

    /** How many jobs at a time; at least 1. */
    public int concurrency() {
        return concurrency;
    }

    /** Where handlers run; empty for the client's work executor. */
    public Optional<Executor> executor() {
        return Optional.ofNullable(executor);
    }

    /** See {@link #withErrorListener}. */
    public Optional<Consumer<Throwable>> errorListener() {
        return Optional.ofNullable(errorListener);
    }

    /** See {@link #withDrainTimeout}; 0 or more. */
    public Duration drainTimeout() {
        return drainTimeout;
    }
}
