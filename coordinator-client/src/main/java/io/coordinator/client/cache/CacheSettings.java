package io.coordinator.client.cache;

import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of a namespace of the cache, the same on all nodes (PM-CACHE-12). Where both bounds are set, both hold.
 * The entry that was used longest ago is evicted first. A write counts as a use at once; of reads the cluster hears
 * about a second later. Immutable: each method returns a changed copy.
 *
 * @param maxEntries how many entries there may be; 0 for no bound, not negative
 * @param maxBytes how many bytes keys and values may have together, as UTF-8; 0 for no bound, not negative
 * @param defaultTimeToLive of values that are written without a ttl, more than 0, in milliseconds rounded up; over 146
 *     years count as that; or null for ever; see {@link #defaultTtl()}
 */
public record CacheSettings(
        long maxEntries, long maxBytes, @Nullable Duration defaultTimeToLive) {
    private static final CacheSettings UNBOUNDED = new CacheSettings(0, 0, null);

    /**
     * Checks the settings.
     *
     * @throws ValidationException if a bound is negative, or the ttl is 0 or less
     */
    public CacheSettings {
        if (maxEntries < 0 || maxBytes < 0) {
            throw new ValidationException(
                    "maxEntries and maxBytes must not be negative, but are " + maxEntries + " and " + maxBytes);
        }
        if (defaultTimeToLive != null) {
            Arguments.positive("ttl", defaultTimeToLive);
        }
    }

    /** Everything is kept until it is deleted or expires. */
    public static CacheSettings unbounded() {
        return UNBOUNDED;
    }

    /**
     * At most so many entries.
     *
     * @param entries 0 for no bound
     * @throws ValidationException if it is negative
     */
    public CacheSettings maxEntries(long entries) {
        return new CacheSettings(entries, maxBytes, defaultTimeToLive);
    }

    /**
     * At most so many bytes. A value that is larger alone is refused with {@link PayloadTooLargeException}.
     *
     * @param bytes of keys and values together, as UTF-8; 0 for no bound
     * @throws ValidationException if it is negative
     */
    public CacheSettings maxBytes(long bytes) {
        return new CacheSettings(maxEntries, bytes, defaultTimeToLive);
    }

    /**
     * Values that are written without a ttl expire after this time.
     *
     * @param ttl more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public CacheSettings defaultTtl(Duration ttl) {
        return new CacheSettings(maxEntries, maxBytes, ttl);
    }

    /** Empty if values that are written without a ttl are kept. */
    public Optional<Duration> defaultTtl() {
        return Optional.ofNullable(defaultTimeToLive);
    }
}
