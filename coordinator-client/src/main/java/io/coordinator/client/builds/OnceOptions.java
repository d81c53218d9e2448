package io.coordinator.client.builds;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a task is done {@linkplain Builds#runOnce once}. Immutable: each method that sets something returns a changed
 * copy.
 *
 * <p>A key notes that a task was done. It is kept for {@link #RETENTION} after the last call for the task, unless told
 * otherwise. Then it goes, and the next call runs the task again. So a task that is asked for at each start of a
 * program stays done, and the keys of jobs whose names contain a date do not pile up.
 */
public final class OnceOptions {
    /** How long a task stays done after the last call for it, unless told otherwise: 365 days. */
    public static final Duration RETENTION = Duration.ofDays(365);

    private final Duration timeout;
    private final @Nullable Duration retention;

    private OnceOptions(Duration timeout, @Nullable Duration retention) {
        this.timeout = timeout;
        this.retention = retention;
    }

    /**
     * One timeout for the task and for the wait for another host's.
     *
     * @param timeout more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public static OnceOptions timeout(Duration timeout) {
        Arguments.positive("timeout", timeout);
        return new OnceOptions(timeout, RETENTION);
    }

    /**
     * The task stays done for this long after the last call for it, and at most a tenth of that and a tick longer.
     *
     * @param retention longer than anybody may ask again for a task of this name; more than 0, in milliseconds rounded
     *     up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public OnceOptions keepFor(Duration retention) {
        Arguments.positive("retention", retention);
        return new OnceOptions(timeout, retention);
    }

    /** The task stays done until it is {@linkplain Builds#delete deleted}. */
    public OnceOptions keepForever() {
        return new OnceOptions(timeout, null);
    }

    /** How long the task may take, and how long to wait for another host's; more than 0. */
    public Duration timeout() {
        return timeout;
    }

    /** How long, more than 0, the task stays done after the last call for it; empty if until it is deleted. */
    public Optional<Duration> retention() {
        return Optional.ofNullable(retention);
    }
}
