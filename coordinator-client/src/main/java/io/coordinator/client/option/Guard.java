package io.coordinator.client.option;

import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Text;
import java.util.Objects;

/**
 * A fence for commands: they apply only while the token passes it, else they fail with {@link FencedException} (G-8).
 *
 * @param namespace of the lock; a <a href="../package-summary.html#names">name</a>
 * @param lock its name; likewise
 * @param token of the grant; any number, but one that was never given does not pass
 * @param mode when the token passes
 */
public record Guard(String namespace, String lock, long token, FenceMode mode) {
    /**
     * Checks the names.
     *
     * @throws ValidationException if one is empty, or has NUL or half of a surrogate pair
     */
    public Guard {
        Text.name("namespace", namespace);
        Text.name("lock", lock);
        Objects.requireNonNull(mode, "mode");
    }

    /**
     * A strict fence: the lock must be held under exactly this token.
     *
     * @param namespace of the lock; a <a href="../package-summary.html#names">name</a>
     * @param lock its name; likewise
     * @param token of the grant
     * @throws ValidationException if a name is empty, or has NUL or half of a surrogate pair
     */
    public Guard(String namespace, String lock, long token) {
        this(namespace, lock, token, FenceMode.STRICT);
    }
}
