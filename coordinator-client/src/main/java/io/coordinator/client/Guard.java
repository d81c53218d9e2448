package io.coordinator.client;

import io.coordinator.client.internal.codec.Text;

/**
 * A fence for commands: they apply only while the token passes it, else they fail with {@link FencedException} (G-8).
 *
 * @param namespace of the lock; a <a href="package-summary.html#names">name</a>. An empty one is refused by the command
 *     that it guards
 * @param lock its name; likewise
 * @param token of the grant; any number, but one that was never given does not pass
 * @param mode when the token passes
 */
public record Guard(String namespace, String lock, long token, FenceMode mode) {
    /**
     * Checks the names.
     *
     * @throws ValidationException if one has NUL or half of a surrogate pair
     */
    public Guard {
        Text.prefix("namespace", namespace);
        Text.prefix("lock", lock);
    }

    /**
     * A strict fence: the lock must be held under exactly this token.
     *
     * @param namespace of the lock; a <a href="package-summary.html#names">name</a>
     * @param lock its name; likewise
     * @param token of the grant
     * @throws ValidationException if a name has NUL or half of a surrogate pair
     */
    public Guard(String namespace, String lock, long token) {
        this(namespace, lock, token, FenceMode.STRICT);
    }
}
