package io.coordinator.server.http;

/**
 * The verdict of a probe.
 *
 * @param ok should the probe succeed?
 * @param reason one line, for people
 */
public record Health(boolean ok, String reason) {}
