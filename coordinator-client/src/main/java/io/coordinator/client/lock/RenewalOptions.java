package io.coordinator.client.lock;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a grant with a ttl is renewed. Immutable: each method that sets something returns a changed copy. */
public final class RenewalOptions {
    private static final RenewalListener NOBODY = new RenewalListener() {};

    private final Duration interval;
    private final @Nullable Duration patience;
    private final RenewalListener listener;

    private RenewalOptions(Duration interval, @Nullable Duration patience, RenewalListener listener) {
        this.interval = interval;
        this.patience = patience;
        this.listener = listener;
    }

    /**
     * One renewal after the other, this long after the one before has ended. Without such options it is a third of the
     * ttl.
     *
     * @param interval more than 0, in milliseconds rounded up; over 146 years count as that. Less than the ttl, or the
     *     grant
     *     ends before it is renewed
     * @throws ValidationException if it is 0 or less
     */
    public static RenewalOptions every(Duration interval) {
        Arguments.positive("interval", interval);
        return new RenewalOptions(interval, null, NOBODY);
    }

    /**
     * A renewal that was not answered in this time counts as failed. Without it, one may take as long as the grant may
     * last.
     *
     * @param time more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public RenewalOptions patience(Duration time) {
        Arguments.positive("patience", time);
        return new RenewalOptions(interval, time, listener);
    }

    /** With somebody who hears of each renewal. */
    public RenewalOptions listener(RenewalListener newListener) {
        return new RenewalOptions(interval, patience, newListener);
    }

    /** The time between renewals; more than 0. */
    public Duration interval() {
        return interval;
    }

    /** See {@link #patience(Duration)}, more than 0; empty if none was set. */
    public Optional<Duration> patience() {
        return Optional.ofNullable(patience);
    }

    /** Who hears of each renewal; one that does nothing if none was set. */
    public RenewalListener listener() {
        return listener;
    }
}
