package io.coordinator.client;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to store a value.
 *
 * @param timeToLive how long the key lives from now, or null for ever; see {@link #expiry()}
 * @param keepsTtl whether an existing key keeps the expiry it has
 * @param slides whether the ttl begins anew at each access
 */
public record PutOptions(@Nullable Duration timeToLive, boolean keepsTtl, boolean slides) {
    private static final PutOptions DEFAULTS = new PutOptions(null, false, false);

    /** No expiry but the namespace's default; an earlier one is dropped. */
    public static PutOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Expires after this time: never before, at most a tick after (G-3).
     *
     * @param ttl 0 for none (PM-CACHE-3)
     * @throws ValidationException if it is negative, or shorter than 1 ms but not 0
     */
    public static PutOptions ttl(Duration ttl) {
        if (ttl.isZero()) {
            return DEFAULTS;
        }
        Arguments.positive("ttl", ttl);
        return new PutOptions(ttl, false, false);
    }

    /**
     * Expires so long after the last access: never before, at most a tenth and a tick after. One read in ten of each such time
     * waits for the cluster to note it down.
     *
     * @throws ValidationException if it is shorter than 1 ms
     */
    public static PutOptions sliding(Duration ttl) {
        Arguments.positive("ttl", ttl);
        return new PutOptions(ttl, false, true);
    }

    /** An existing key keeps its expiry; only a key that is created gets the ttl of these options. */
    public PutOptions keepTtl() {
        return new PutOptions(timeToLive, true, slides);
    }

    /** Empty if the key shall not expire. */
    public Optional<Duration> expiry() {
        return Optional.ofNullable(timeToLive);
    }
}
