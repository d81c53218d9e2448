package io.coordinator.client.cache;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to store a value.
 *
 * @param timeToLive how long the key lives from now, more than 0, in milliseconds rounded up; over 146 years count as
 *     that; or null for ever; see {@link #expiry()}
 * @param keepsTtl whether an existing key keeps the expiry it has
 * @param slides whether the ttl begins anew at each access
 */
public record PutOptions(@Nullable Duration timeToLive, boolean keepsTtl, boolean slides) {
    private static final PutOptions DEFAULTS = new PutOptions(null, false, false);

    /**
     * Checks the options.
     *
     * @throws ValidationException if the ttl is 0 or less
     */
    public PutOptions {
        if (timeToLive != null) {
            Arguments.positive("ttl", timeToLive);
        }
    }

    /** No expiry but the namespace's default; an earlier one is dropped. */
    public static PutOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Expires after this time: never sooner, and at most a tick later (G-3). Without a ttl the value is kept:
     * {@link #defaults()}.
     *
     * @param ttl more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public static PutOptions ttl(Duration ttl) {
        return new PutOptions(ttl, false, false);
    }

    /**
     * Expires when nobody has accessed it for this long: never sooner, and at most a tenth of the time and a tick later
     * . About ten reads per ttl wait until the cluster has noted the access; all others do not.
     *
     * @param ttl as for {@link #ttl}: more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public static PutOptions sliding(Duration ttl) {
        return new PutOptions(ttl, false, true);
    }

    /** An existing key keeps its expiry; only a key that is created gets the ttl of these options. */
    public PutOptions keepTtl() {
        return new PutOptions(timeToLive, true, slides);
    }

    /** How long the key lives, more than 0; empty if it shall not expire. */
    public Optional<Duration> expiry() {
        return Optional.ofNullable(timeToLive);
    }
}
