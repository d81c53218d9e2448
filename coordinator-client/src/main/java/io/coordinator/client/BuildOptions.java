package io.coordinator.client;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to build or to wait. Immutable: each method returns a changed copy.
 *
 * @param buildTimeout how long the own function may take before the reservation ends
 * @param waitTimeout how long to wait for another builder; 0 does not wait
 * @param timeToLive how long the result is kept once committed, or null until deleted; see {@link #expiry()}
 * @param returnsLateValue whether a late builder returns its uncommitted value
 */
public record BuildOptions(
        Duration buildTimeout,
        Duration waitTimeout,
        @Nullable Duration timeToLive,
        boolean returnsLateValue) {

    /**
     * One timeout for building and for waiting.
     *
     * @throws ValidationException if it is shorter than 1 ms
     */
    public static BuildOptions timeout(Duration timeout) {
        Arguments.positive("timeout", timeout);
        return new BuildOptions(timeout, timeout, null, false);
    }

    /**
     * Another limit for the own function.
     *
     * @throws ValidationException if it is shorter than 1 ms
     */
    public BuildOptions buildTimeout(Duration timeout) {
        Arguments.positive("buildTimeout", timeout);
        return new BuildOptions(timeout, waitTimeout, timeToLive, returnsLateValue);
    }

    /**
     * Another limit for the wait for other builders.
     *
     * @throws ValidationException if it is negative
     */
    public BuildOptions waitTimeout(Duration timeout) {
        Arguments.notNegative("waitTimeout", timeout);
        return new BuildOptions(buildTimeout, timeout, timeToLive, returnsLateValue);
    }

    /**
     * The result expires this long after it was committed (JC-EXP-2).
     *
     * @throws ValidationException if it is shorter than 1 ms
     */
    public BuildOptions ttl(Duration ttl) {
        Arguments.positive("ttl", ttl);
        return new BuildOptions(buildTimeout, waitTimeout, ttl, returnsLateValue);
    }

    /** A builder that lost its reservation returns its value, uncommitted, instead of {@link BuildLostException}. */
    public BuildOptions returnLateValue() {
        return new BuildOptions(buildTimeout, waitTimeout, timeToLive, true);
    }

    /** Empty if the result is kept until deleted. */
    public Optional<Duration> expiry() {
        return Optional.ofNullable(timeToLive);
    }
}
