package io.coordinator.state;

import com.google.protobuf.ByteString;
import io.coordinator.state.session.Session;

/**
 * What a server may know of a session.
 *
 * @param id never used twice in the life of the cluster
 * @param resumeToken the secret that a client must show to resume it
 * @param leaseMillis how long it may stay silent
 * @param clientName for people
 * @param lastSeq the highest command applied
 * @param lastEvent the number of the latest event, acknowledged or not
 */
public record SessionView(
        long id, ByteString resumeToken, long leaseMillis, String clientName, long lastSeq, long lastEvent) {

    static SessionView of(Session session) {
        return new SessionView(
                session.id(),
                session.resumeToken(),
                session.leaseMillis(),
                session.clientName(),
                session.lastSeq(),
                session.lastEvent());
    }
}
