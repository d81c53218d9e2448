package io.coordinator.client.lock;

/** Why a grant ended without a release. */
public enum LossReason {
    /** Its ttl elapsed. */
    TTL_ELAPSED,
    /** Somebody released it by force. */
    FORCED,
    /** The session was lost, or its lease passed without an answer from the cluster. */
    SESSION_LOST,
    /** The client was closed. */
    CLIENT_CLOSED
}
