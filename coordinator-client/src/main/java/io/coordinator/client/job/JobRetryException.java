package io.coordinator.client.job;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Times;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a handler throws to be tried again after a time of its choice, which takes the place of the queue's. It counts
 * as an attempt that has failed; if it was the last one, the job is dead. It is an answer, not a defect: the worker's
 * error listener does not hear of it.
 */
public final class JobRetryException extends RuntimeException {
    private final Duration delay;

    /**
     * A failure for now.
     *
     * @param delay how long the next attempt waits; more than 0, in milliseconds rounded up
     * @param message what is more than 16 KiB of UTF-8 is cut off
     * @throws ValidationException if the delay is 0 or less
     */
    public JobRetryException(Duration delay, String message) {
        this(delay, message, null);
    }

    /**
     * As {@link #JobRetryException(Duration, String)}, with what led to it; others get nothing of that.
     *
     * @param delay how long the next attempt waits; more than 0, in milliseconds rounded up
     * @param cause may be null
     */
    public JobRetryException(Duration delay, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.delay = Times.positive("delay", delay);
    }

    /** How long the next attempt waits; more than 0. */
    public Duration delay() {
        return delay;
    }
}
