package io.coordinator.server.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** The secret that clients must show, if there is one. Never printed. */
public final class AuthToken {
    private final byte[] secret;

    /** @param secret empty admits everyone */
    public AuthToken(Optional<String> secret) {
        this.secret = secret.orElse("").getBytes(StandardCharsets.UTF_8);
    }

    public boolean isRequired() {
        return secret.length > 0;
    }

    /** Compares in a time that depends on what was shown alone. */
    public boolean matches(byte[] shown) {
        return MessageDigest.isEqual(secret, shown);
    }
}
