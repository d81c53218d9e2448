package io.coordinator.client.builds;

import io.coordinator.client.error.BuildLostException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.async.Times;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How to build or to wait. Immutable: each method that sets something returns a changed copy. */
public final class BuildOptions {
    private Duration buildTimeout;
    private Duration waitTimeout;
    private @Nullable Duration ttl;
    private boolean slides;
    private @Nullable Duration refreshAfter;
    private @Nullable Duration failureTtl;
    private boolean takesOver;
    private boolean discards;
    private boolean cachesNulls = true;
    private boolean returnsLateValue;
    private boolean isTask;

    private BuildOptions(Duration timeout) {
        this.buildTimeout = timeout;
        this.waitTimeout = timeout;
    }

    private BuildOptions with(Consumer<BuildOptions> change) {
        BuildOptions copy = new BuildOptions(buildTimeout);
        copy.waitTimeout = waitTimeout;
        copy.ttl = ttl;
        copy.slides = slides;
        copy.refreshAfter = refreshAfter;
        copy.failureTtl = failureTtl;
        copy.takesOver = takesOver;
        copy.discards = discards;
        copy.cachesNulls = cachesNulls;
        copy.returnsLateValue = returnsLateValue;
        copy.isTask = isTask;
        change.accept(copy);
        return copy;
    }

    /**
     * One timeout for building and for waiting.
     *
     * @param timeout more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public static BuildOptions timeout(Duration timeout) {
        Arguments.positive("timeout", timeout);
        return new BuildOptions(timeout);
    }

    /**
     * Another limit for this caller's function.
     *
     * @param timeout more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public BuildOptions buildTimeout(Duration timeout) {
        Arguments.positive("buildTimeout", timeout);
        return with(copy -> copy.buildTimeout = timeout);
    }

    /**
     * Another limit for the wait for other builders.
     *
     * @param timeout 0 or less tries once; in milliseconds rounded up; over 146 years count as that
     */
    public BuildOptions waitTimeout(Duration timeout) {
        return with(copy -> copy.waitTimeout = Times.wait(timeout));
    }

    /**
     * The result expires this long after it was committed (JC-EXP-2).
     *
     * @param ttl more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public BuildOptions ttl(Duration ttl) {
        Arguments.positive("ttl", ttl);
        return with(copy -> {
            copy.ttl = ttl;
            copy.slides = false;
        });
    }

    /**
     * The result expires when nobody has accessed it for this long: never sooner, and at most a tenth of the time and a
     * tick later (JC-EXP-1, A-24).
     *
     * @param ttl more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public BuildOptions sliding(Duration ttl) {
        Arguments.positive("ttl", ttl);
        return with(copy -> {
            copy.ttl = ttl;
            copy.slides = true;
        });
    }

    /**
     * The first caller to ask after this time builds the result anew, in the background; everybody gets the old result
     * meanwhile (B-32). With a ttl that is a little longer, results are renewed before they expire. With a much longer
     * ttl, callers may get older results while a new one is built. A refresh that fails leaves the old result.
     *
     * @param time more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public BuildOptions refreshAfter(Duration time) {
        Arguments.positive("refreshAfter", time);
        return with(copy -> copy.refreshAfter = time);
    }

    /**
     * If this caller's function fails, everybody who asks within this time gets the failure, and nobody builds (B-32).
     *
     * @param time more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public BuildOptions cacheFailures(Duration time) {
        Arguments.positive("cacheFailures", time);
        return with(copy -> copy.failureTtl = time);
    }

    /** If the builder that this call waits for fails, this call builds instead of failing with it. */
    public BuildOptions takeOverOnFailure() {
        return with(copy -> copy.takesOver = true);
    }

    /** The result is for those who wait for it now; the next call builds anew (DL-FAN-7). */
    public BuildOptions discardResult() {
        return with(copy -> copy.discards = true);
    }

    /** A null result goes to those who wait for it now, and is not kept. */
    public BuildOptions doNotCacheNulls() {
        return with(copy -> copy.cachesNulls = false);
    }

    /** A builder that lost its reservation returns its value, uncommitted, instead of {@link BuildLostException}. */
    public BuildOptions returnLateValue() {
        return with(copy -> copy.returnsLateValue = true);
    }

    /** It is a task that is done once, and not a value: lists show it so. {@link Builds#runOnce} says it by itself. */
    public BuildOptions asTask() {
        return with(copy -> copy.isTask = true);
    }

    /** How long this caller's function may take before the reservation ends; more than 0. */
    public Duration buildTimeout() {
        return buildTimeout;
    }

    /** How long to wait for another builder; 0 does not wait. */
    public Duration waitTimeout() {
        return waitTimeout;
    }

    /** How long the result is kept, more than 0; empty if until deleted. */
    public Optional<Duration> expiry() {
        return Optional.ofNullable(ttl);
    }

    /** Whether the expiry counts from the last access. */
    public boolean slides() {
        return slides;
    }

    /** After which time, more than 0, somebody builds it anew; empty for never. */
    public Optional<Duration> refreshAfter() {
        return Optional.ofNullable(refreshAfter);
    }

    /** How long, more than 0, a failure of this caller's function is kept; empty for not at all. */
    public Optional<Duration> failureTtl() {
        return Optional.ofNullable(failureTtl);
    }

    /** See {@link #takeOverOnFailure()}. */
    public boolean takesOver() {
        return takesOver;
    }

    /** See {@link #discardResult()}. */
    public boolean discards() {
        return discards;
    }

    /** See {@link #doNotCacheNulls()}. */
    public boolean cachesNulls() {
        return cachesNulls;
    }

    /** See {@link #returnLateValue()}. */
    public boolean returnsLateValue() {
        return returnsLateValue;
    }

    /** See {@link #asTask()}. */
    public boolean isTask() {
        return isTask;
    }
}
