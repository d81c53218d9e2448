package io.coordinator.client.builds;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ReadThroughCache} is like (JC-OPT-1 … JC-OPT-3). Immutable: each method returns a changed copy.
 *
 * @param name the namespace of its keys; a <a href="../package-summary.html#names">name</a>
 * @param keys keys as strings
 * @param values the type of the values
 * @param timeToLive how long results live, more than 0, in milliseconds rounded up; over 146 years count as that; or
 *     null until they are deleted
 * @param slides whether that counts from the last access
 * @param nearOptions of the copies near the caller, or null for none; see {@link #l1()}
 */
public record ReadThroughOptions<K, V>(
        String name,
        KeyCodec<K> keys,
        Class<V> values,
        @Nullable Duration timeToLive,
        boolean slides,
        @Nullable L1Options nearOptions) {
    /**
     * Checks the options.
     *
     * @throws ValidationException if the name is no valid name; if the expiry is 0 or less; or if it slides but there
     *     is none
     */
    public ReadThroughOptions {
        Arguments.notEmpty("name", name);
        Objects.requireNonNull(keys, "keys");
        Objects.requireNonNull(values, "values");
        if (timeToLive != null) {
            Arguments.positive("expiry", timeToLive);
        } else if (slides) {
            throw new ValidationException("slides is for results that expire, but the expiry is null; set one");
        }
    }

    /**
     * Results are kept until they are deleted, without copies near the caller.
     *
     * @param name as for the record
     * @throws ValidationException if the name is no valid name, or keys of the type have no text
     */
    public static <K, V> ReadThroughOptions<K, V> of(String name, Class<K> keys, Class<V> values) {
        return of(name, KeyCodec.of(keys), values);
    }

    /**
     * As {@link #of(String, Class, Class)}, with keys of any type.
     *
     * @param name as for the record
     * @throws ValidationException if the name is no valid name
     */
    public static <K, V> ReadThroughOptions<K, V> of(String name, KeyCodec<K> keys, Class<V> values) {
        return new ReadThroughOptions<>(name, keys, values, null, false, null);
    }

    /**
     * Results expire this long after they were built (JC-EXP-2).
     *
     * @param time more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public ReadThroughOptions<K, V> absoluteExpiry(Duration time) {
        return new ReadThroughOptions<>(name, keys, values, time, false, nearOptions);
    }

    /**
     * Results expire this long after their last access (JC-EXP-1).
     *
     * @param time more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public ReadThroughOptions<K, V> slidingExpiry(Duration time) {
        return new ReadThroughOptions<>(name, keys, values, time, true, nearOptions);
    }

    /** With copies near the caller (JC-L1-1). */
    public ReadThroughOptions<K, V> l1(L1Options options) {
        return new ReadThroughOptions<>(name, keys, values, timeToLive, slides, options);
    }

    /** How long results live, more than 0; empty if until they are deleted. */
    public Optional<Duration> expiry() {
        return Optional.ofNullable(timeToLive);
    }

    /** Empty if there are no copies near the caller. */
    public Optional<L1Options> l1() {
        return Optional.ofNullable(nearOptions);
    }
}
