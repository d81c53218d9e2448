package io.coordinator.client.lock;

import java.util.List;

/**
 * A forced release (B-30).
 *
 * @param token of the grant that ended
 * @param namespace of the locks
 * @param names the locks on which it ended
 * @param sessionId whose grant it was
 * @param clientName the name its client had given itself
 * @param operator who did it
 * @param reason why; may be empty
 * @param bySessionId the session that asked for it
 * @param atMillis cluster time
 * @param revision the global revision of the release
 */
public record AuditRecord(
        long token,
        String namespace,
        List<String> names,
        long sessionId,
        String clientName,
        String operator,
        String reason,
        long bySessionId,
        long atMillis,
        long revision) {
    public AuditRecord {
        names = List.copyOf(names);
    }
}
