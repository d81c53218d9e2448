package io.coordinator.client.rpc;

import static java.util.Objects.requireNonNull;

import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.async.Times;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How to serve. Immutable: each method that sets something returns a changed copy. */
public final class WorkerOptions {
    /** How many calls a worker serves at a time, unless told otherwise: 16. */
    public static final int CONCURRENCY = 16;

    /** How long {@link RpcWorker#close()} waits for handlers, unless told otherwise: 10 s. */
    public static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(10);

    private static final WorkerOptions DEFAULTS = new WorkerOptions(CONCURRENCY, 0, null, null, DRAIN_TIMEOUT);

    private final int concurrency;
    private final int backlogMax;
    private final @Nullable Executor executor;
    private final @Nullable Consumer<Throwable> errorListener;
    private final Duration drainTimeout;

    private WorkerOptions(
            int concurrency,
            int backlogMax,
            @Nullable Executor executor,
            @Nullable Consumer<Throwable> errorListener,
            Duration drainTimeout) {
        this.concurrency = concurrency;
        this.backlogMax = backlogMax;
        this.executor = executor;
        this.errorListener = errorListener;
        this.drainTimeout = drainTimeout;
    }

    /** {@link #CONCURRENCY} calls at a time, the cluster's bound of waiting calls, the client's work executor. */
    public static WorkerOptions defaults() {
        return DEFAULTS;
    }

    /**
     * How many calls it serves at a time. Calls go to the worker with the fewest; what nobody has room for waits in
     * the cluster.
     *
     * @param concurrency from 1 to 10,000
     * @throws ValidationException if it is less than 1; more than 10,000 are refused when it registers
     */
    public WorkerOptions concurrency(int concurrency) {
        Arguments.positive("concurrency", concurrency);
        return new WorkerOptions(concurrency, backlogMax, executor, errorListener, drainTimeout);
    }

    /**
     * How many calls of this name may wait for a worker; one more is refused with {@link ThrottledException}. The
     * last registration for a name says it for all.
     *
     * @param backlogMax at least 1; without it, 10,000
     * @throws ValidationException if it is less than 1
     */
    public WorkerOptions backlogMax(int backlogMax) {
        Arguments.positive("backlogMax", backlogMax);
        return new WorkerOptions(concurrency, backlogMax, executor, errorListener, drainTimeout);
    }

    /**
     * Runs handlers here instead of on the client's work executor. The client does not shut it down. It may block. A
     * call that it refuses goes to another worker, and fails with {@code EBUSY} if it goes on refusing.
     */
    public WorkerOptions executor(Executor executor) {
        return new WorkerOptions(
                concurrency, backlogMax, requireNonNull(executor, "executor"), errorListener, drainTimeout);
    }

    /**
     * Hears of what handlers throw, except {@link RpcFailure}, and of what ends or hinders the worker. On the
     * callback executor. Without it, such things are logged as warnings. What it throws itself is logged.
     */
    public WorkerOptions errorListener(Consumer<Throwable> errorListener) {
        return new WorkerOptions(
                concurrency, backlogMax, executor, requireNonNull(errorListener, "errorListener"), drainTimeout);
    }

    /**
     * How long {@link RpcWorker#close()} waits for handlers that run.
     *
     * @param timeout 0 or less does not wait; in milliseconds rounded up; over 146 years count as that
     */
    public WorkerOptions drainTimeout(Duration timeout) {
        return new WorkerOptions(concurrency, backlogMax, executor, errorListener, Times.wait(timeout));
    }

    /** How many calls at a time; at least 1. */
    public int concurrency() {
        return concurrency;
    }

    /** How many calls may wait for a worker; 0 for the cluster's default. */
    public int backlogMax() {
        return backlogMax;
    }

    /** Where handlers run; empty for the client's work executor. */
    public Optional<Executor> executor() {
        return Optional.ofNullable(executor);
    }

    /** See {@link #errorListener(Consumer)}. */
    public Optional<Consumer<Throwable>> errorListener() {
        return Optional.ofNullable(errorListener);
    }

    /** See {@link #drainTimeout(Duration)}; 0 or more. */
    public Duration drainTimeout() {
        return drainTimeout;
    }
}
