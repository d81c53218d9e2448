package io.coordinator.compat;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Hears the messages of one subscription, one at a time and in their order; user code. If it throws, the subscription's
 * {@code onError} hears of it, and the next message comes all the same (PM-PS-6).
 */
@FunctionalInterface
public interface MeshHandler {
    /**
     * Hears a message.
     *
     * @param payload as it was published; never null, but perhaps JSON null
     * @param channel where it was published; never a pattern
     */
    void onMessage(JsonNode payload, String channel);
}
