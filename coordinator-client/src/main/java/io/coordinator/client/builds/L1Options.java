package io.coordinator.client.builds;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link ReadThroughCache} keeps copies near the caller. Immutable: each method returns a changed copy.
 *
 * @param maxEntries how many copies there may be, with the built-in store; at least 1
 * @param purgeInterval how often expired copies are thrown away, with the built-in store (JC-L1-2); more than 0, in
 *     milliseconds rounded up; over 146 years count as that
 * @param customStore instead of the built-in one, or null; see {@link #store()}
 */
public record L1Options(
        long maxEntries, Duration purgeInterval, @Nullable L1Store customStore) {
    private static final L1Options DEFAULTS = new L1Options(10_000, Duration.ofSeconds(10), null);

    /**
     * Checks the options.
     *
     * @throws ValidationException naming the one that is out of range
     */
    public L1Options {
        Arguments.positive("maxEntries", maxEntries);
        Arguments.positive("purgeInterval", purgeInterval);
    }

    /** 10,000 copies, purged every 10 s. */
    public static L1Options defaults() {
        return DEFAULTS;
    }

    /**
     * At most so many copies.
     *
     * @param entries at least 1
     * @throws ValidationException if it is less than 1
     */
    public L1Options maxEntries(long entries) {
        return new L1Options(entries, purgeInterval, customStore);
    }

    /**
     * Expired copies are thrown away so often; they are never used, but take room.
     *
     * @param interval more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public L1Options purgeInterval(Duration interval) {
        return new L1Options(maxEntries, interval, customStore);
    }

    /** Copies are kept in this store, which bounds itself. */
    public L1Options store(L1Store store) {
        return new L1Options(maxEntries, purgeInterval, store);
    }

    /** Empty for the built-in one. */
    public Optional<L1Store> store() {
        return Optional.ofNullable(customStore);
    }
}
