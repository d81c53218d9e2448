package io.coordinator.client.topic;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How a member takes part in a consumer group. Immutable: each method returns a changed copy.
 *
 * @param prefetch how many messages it has at a time, from 1 to 10,000
 * @param concurrency how many of them are handled at the same time; those of one key one after the other
 * @param retryDelay how long to wait after a first failure, in milliseconds rounded up; after each further one twice as
 *     long, up to a minute; 0 for not at all
 * @param handlingMax for how long the lease of a message is extended while it is being handled, in milliseconds rounded
 *     up; afterwards another member may get it; 0 for not at all
 * @param drainMax how long {@link GroupConsumer#close} waits for what is being handled, in milliseconds rounded up; 0
 *     for not at all
 * @param ownExecutor runs the function; null for the client's work executor
 * @param listener hears what happens to the member
 */
public record ConsumeOptions(
        int prefetch,
        int concurrency,
        Duration retryDelay,
        Duration handlingMax,
        Duration drainMax,
        @Nullable Executor ownExecutor,
        ConsumerListener listener) {
    private static final int PREFETCH_MAX = 10_000;

    private static final ConsumeOptions DEFAULTS = new ConsumeOptions(
            64, 1, Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ofSeconds(10), null, ConsumerListener.NONE);

    /**
     * Checks the options.
     *
     * @throws ValidationException if a number or time is out of its range
     */
    public ConsumeOptions {
        Arguments.positive("prefetch", prefetch);
        if (prefetch > PREFETCH_MAX) {
            throw new ValidationException("prefetch must be at most " + PREFETCH_MAX + ", but is " + prefetch);
        }
        Arguments.positive("concurrency", concurrency);
        checkTime("retryDelay", retryDelay);
        checkTime("handlingMax", handlingMax);
        checkTime("drainMax", drainMax);
        Objects.requireNonNull(listener, "listener");
    }

    private static void checkTime(String name, Duration time) {
        if (Objects.requireNonNull(time, name).isNegative()) {
            throw new ValidationException(name + " must not be negative, but is " + time);
        }
    }

    /** 64 messages at a time, handled one after the other. */
    public static ConsumeOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Has so many messages at a time.
     *
     * @param messages from 1 to 10,000
     */
    public ConsumeOptions withPrefetch(int messages) {
        return new ConsumeOptions(messages, concurrency, retryDelay, handlingMax, drainMax, ownExecutor, listener);
    }

    /**
     * Handles so many at the same time; has at least as many.
     *
     * @param handlers from 1 to 10,000
     */
    public ConsumeOptions withConcurrency(int handlers) {
        return new ConsumeOptions(
                Math.max(prefetch, handlers), handlers, retryDelay, handlingMax, drainMax, ownExecutor, listener);
    }

    /**
     * Waits so long after a first failure.
     *
     * @param delay 0 or more, in milliseconds rounded up
     */
    public ConsumeOptions withRetryDelay(Duration delay) {
        return new ConsumeOptions(prefetch, concurrency, delay, handlingMax, drainMax, ownExecutor, listener);
    }

    /**
     * Extends the lease of a message for so long while it is being handled.
     *
     * @param time in milliseconds rounded up; 0 for not at all
     */
    public ConsumeOptions withHandlingMax(Duration time) {
        return new ConsumeOptions(prefetch, concurrency, retryDelay, time, drainMax, ownExecutor, listener);
    }

    /**
     * Waits so long for what is being handled when it is closed.
     *
     * @param time in milliseconds rounded up; 0 for not at all
     */
    public ConsumeOptions withDrainMax(Duration time) {
        return new ConsumeOptions(prefetch, concurrency, retryDelay, handlingMax, time, ownExecutor, listener);
    }

    /** Runs the function there. What the executor does not take is tried again after a second. */
    public ConsumeOptions withExecutor(Executor executor) {
        return new ConsumeOptions(
                prefetch,
                concurrency,
                retryDelay,
                handlingMax,
                drainMax,
                Objects.requireNonNull(executor, "executor"),
                listener);
    }

    /** Hears what happens to the member. */
    public ConsumeOptions withListener(ConsumerListener newListener) {
        return new ConsumeOptions(prefetch, concurrency, retryDelay, handlingMax, drainMax, ownExecutor, newListener);
    }

    /** Where the function runs; empty for the client's work executor. */
    public Optional<Executor> executor() {
        return Optional.ofNullable(ownExecutor);
    }
}
