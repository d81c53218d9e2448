package io.coordinator.client;

import io.coordinator.client.internal.codec.Text;

/**
 * A fence for commands: they apply only while the token passes it, else they fail with {@link FencedException} (G-8).
 *
 * @param namespace of the lock
 * @param lock its name
 * @param token of the grant
 * @param mode when the token passes
 */
public record Guard(String namespace, String lock, long token, FenceMode mode) {
    public Guard {
        Text.prefix("namespace", namespace);
        Text.prefix("lock", lock);
    }

    /** A strict fence: the lock must be held under exactly this token. */
    public Guard(String namespace, String lock, long token) {
        this(namespace, lock, token, FenceMode.STRICT);
    }
}
