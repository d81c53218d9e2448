package io.coordinator.client.lock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who leads.
 *
 * @param epoch the token of the leadership; greater for each later one
 * @param contents what the leader told about itself, or null; see {@link #description()}
 * @param clientName the name its client gave itself
 * @param sessionId its session
 */
public record Leader(long epoch, @Nullable JsonNode contents, String clientName, long sessionId) {
    /** What the leader told about itself. */
    public Optional<JsonNode> description() {
        return Optional.ofNullable(contents);
    }
}
