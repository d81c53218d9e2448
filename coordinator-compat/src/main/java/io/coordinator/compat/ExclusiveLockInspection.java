package io.coordinator.compat;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Who holds an {@link ExclusiveLock}.
 *
 * @param lockTtlMillis how long it will last from the moment of the answer unless refreshed; 0 if bound to a session
 * @param lockContents what the holder attached, as JSON; the missing node if it attached nothing
 * @param sessionId the holder's session
 * @param clientName the name its client gave itself
 * @param token the fencing token
 * @param waiters how many wait for it
 */
public record ExclusiveLockInspection(
        long lockTtlMillis, JsonNode lockContents, long sessionId, String clientName, long token, int waiters) {}
