package io.coordinator.state.cache;

import io.coordinator.protocol.CacheEntry;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Sliding;
import org.jspecify.annotations.Nullable;

/**
 * How long an entry lives.
 *
 * @param expiresAtMillis cluster time; 0: for ever
 * @param slidingMillis how long from the last access; 0: the expiry is fixed
 */
record Life(long expiresAtMillis, long slidingMillis) {
    static Life of(CacheEntry entry) {
        return new Life(entry.getExpiresAtMillis(), entry.getSlidingMillis());
    }

    /** A put drops an earlier expiry unless told to keep it (PM-CACHE-2, PM-CACHE-11). */
    static Life ofPut(Context at, @Nullable CacheEntry old, long ttlMillis, boolean sliding, boolean keep) {
        if (keep && old != null) {
            return of(old).accessed(at);
        }
        return sliding && ttlMillis > 0
                ? new Life(Sliding.expiry(at, ttlMillis), ttlMillis)
                : new Life(at.deadlineAfter(ttlMillis), 0);
    }

    Life accessed(Context at) {
        return Sliding.isDue(at, expiresAtMillis, slidingMillis)
                ? new Life(Sliding.expiry(at, slidingMillis), slidingMillis)
                : this;
    }

    CacheEntry.Builder on(CacheEntry.Builder entry) {
        return entry.setExpiresAtMillis(expiresAtMillis).setSlidingMillis(slidingMillis);
    }
}
