package io.coordinator.client.job;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A step of a job that was recorded.
 *
 * @param name of the step
 * @param result what it came to; JSON null for nothing
 * @param attempt in which attempt it was done
 */
public record JobStep(String name, JsonNode result, int attempt) {}
