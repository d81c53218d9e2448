package io.coordinator.client.internal.near;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.coordinator.client.builds.L1Store;
import org.jspecify.annotations.Nullable;

/** The built-in store: what was used least goes first. */
final class CaffeineStore implements L1Store {
    private final Cache<String, Object> copies;

    CaffeineStore(long maxEntries) {
        copies = Caffeine.newBuilder()
                .maximumSize(maxEntries)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public @Nullable Object get(String key) {
        return copies.getIfPresent(key);
    }

    @Override
    public void put(String key, Object copy) {
        copies.put(key, copy);
    }

    @Override
    public void remove(String key) {
        copies.invalidate(key);
    }

    @Override
    public void clear() {
        copies.invalidateAll();
    }

    /** Throws away what has passed its time. */
    void purge(long nowNanos) {
        copies.asMap().values().removeIf(copy -> copy instanceof Copy<?> held && held.isPast(nowNanos));
    }
}
