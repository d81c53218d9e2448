package io.coordinator.client.error;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Why a build function failed, as its waiters see it.
 *
 * @param type the class name of the builder's exception
 * @param message its message, or empty
 * @param code an error code if it had one, or empty
 * @param data more about it, or null
 */
public record BuildFailure(
        String type, String message, String code, @Nullable JsonNode data) {}
