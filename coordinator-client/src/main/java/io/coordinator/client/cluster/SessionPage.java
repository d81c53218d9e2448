package io.coordinator.client.cluster;

import java.util.List;

/**
 * Some of the open sessions, all as they were at one moment.
 *
 * @param sessions in the order in which they were opened
 * @param more whether there are more; go on after the last one's id
 * @param clusterTimeMillis when this was true, to compare the times of sessions with
 */
public record SessionPage(List<SessionInfo> sessions, boolean more, long clusterTimeMillis) {
    public SessionPage {
        sessions = List.copyOf(sessions);
    }
}
