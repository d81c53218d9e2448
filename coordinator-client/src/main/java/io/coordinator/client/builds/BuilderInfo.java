package io.coordinator.client.builds;

import java.time.Duration;

/**
 * Who builds something.
 *
 * @param sessionId of its client
 * @param clientName of its client, for people
 * @param runningFor how long it has been at it, in milliseconds; 0 if it has just begun
 */
public record BuilderInfo(long sessionId, String clientName, Duration runningFor) {}
