package io.coordinator.client.cluster;

/**
 * An open session. It ends when its client closes it, or when the cluster has heard nothing of it for its lease.
 *
 * @param sessionId its number, which holders and waiters are listed with
 * @param clientName the name that its client gave itself; {@code user@host:pid} unless it was given another one
 * @param leaseMillis how long the cluster keeps it without hearing of its client
 * @param openedAtMillis when it was opened, in cluster time
 * @param unacknowledged how many replies and events its client has not acknowledged; never negative
 */
public record SessionInfo(
        long sessionId, String clientName, long leaseMillis, long openedAtMillis, int unacknowledged) {}
