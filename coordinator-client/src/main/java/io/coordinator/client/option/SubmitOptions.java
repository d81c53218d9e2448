package io.coordinator.client.option;

import static java.util.Objects.requireNonNull;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a job is submitted. Immutable: each method returns a changed copy. */
public final class SubmitOptions {
    private static final SubmitOptions DEFAULTS = new SubmitOptions("", Duration.ZERO, 0, "", null, Duration.ZERO);

    private final String id;
    private final Duration delay;
    private final int priority;
    private final String key;
    private final @Nullable RetryOptions retry;
    private final Duration attemptTimeout;

    private SubmitOptions(
            String id,
            Duration delay,
            int priority,
            String key,
            @Nullable RetryOptions retry,
            Duration attemptTimeout) {
        this.id = id;
        this.delay = delay;
        this.priority = priority;
        this.key = key;
        this.retry = retry;
        this.attemptTimeout = attemptTimeout;
    }

    /** An id that the cluster makes, at once, with priority 0, without a key, and else as the queue says. */
    public static SubmitOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Names the job within its queue. A job of this id that is still remembered is not submitted again, so that a
     * submission with an id can be repeated: after a timeout, or for a message that comes twice.
     *
     * @param id a <a href="../package-summary.html#names">name</a>
     */
    public SubmitOptions withId(String id) {
        return new SubmitOptions(Text.name("id", id), delay, priority, key, retry, attemptTimeout);
    }

    /**
     * How long from its submission it may not run, by the cluster's time; never earlier.
     *
     * @param delay 0 or less for none; in milliseconds rounded up, over 146 years count as that
     */
    public SubmitOptions withDelay(Duration delay) {
        return new SubmitOptions(id, Times.wait(delay), priority, key, retry, attemptTimeout);
    }

    /**
     * The same with a date. It becomes a delay now, by the clock of this host: if that is wrong by a minute, so is the
     * job. For dates that the cluster is to keep, use a schedule.
     *
     * @param date one that has passed is no delay
     */
    public SubmitOptions withNotBefore(Instant date) {
        return withDelay(Duration.between(Instant.now(), date));
    }

    /**
     * Which of the jobs that wait runs first: the one of the highest priority, and of the same the one that was
     * submitted first.
     *
     * @param priority any number; 0 unless told otherwise
     */
    public SubmitOptions withPriority(int priority) {
        return new SubmitOptions(id, delay, priority, key, retry, attemptTimeout);
    }

    /**
     * Jobs of one key run one at a time and in the order of their submission, whatever their priorities, unless the
     * queue lets more of them run. One that waits for another attempt holds up those behind it.
     *
     * @param key a <a href="../package-summary.html#names">name</a>
     */
    public SubmitOptions withKey(String key) {
        return new SubmitOptions(id, delay, priority, Text.name("key", key), retry, attemptTimeout);
    }

    /** How it is tried again, instead of as the queue says. */
    public SubmitOptions withRetry(RetryOptions retry) {
        return new SubmitOptions(id, delay, priority, key, requireNonNull(retry, "retry"), attemptTimeout);
    }

    /**
     * How long one attempt may take, instead of what the queue says. It is never ended earlier; then its worker is told
     * to stop, the attempt has failed, and what it completes is refused.
     *
     * @param timeout more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public SubmitOptions withAttemptTimeout(Duration timeout) {
        return new SubmitOptions(id, delay, priority, key, retry, Times.positive("timeout", timeout));
    }

    /** See {@link #withId}; empty if the cluster makes one. */
    public String id() {
        return id;
    }

    /** See {@link #withDelay}; 0 or more. */
    public Duration delay() {
        return delay;
    }

    /** See {@link #withPriority}. */
    public int priority() {
        return priority;
    }

    /** See {@link #withKey}; empty for none. */
    public String key() {
        return key;
    }

    /** See {@link #withRetry}; empty for that of the queue. */
    public Optional<RetryOptions> retry() {
        return Optional.ofNullable(retry);
    }

    /** See {@link #withAttemptTimeout}; 0 for what the queue says. */
    public Duration attemptTimeout() {
        return attemptTimeout;
    }
}
