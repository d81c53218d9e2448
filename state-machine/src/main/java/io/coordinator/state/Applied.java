package io.coordinator.state;

import io.coordinator.protocol.Change;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Took;
import java.util.List;

/**
 * What one entry did, as values: every replica computes the same, and the node that serves a session sends it.
 *
 * @param index the entry's log index
 * @param clusterTimeMillis cluster time after the entry
 * @param replies one for each command, by position
 * @param events for sessions, in order
 * @param changes for watchers, in order of revision
 * @param endedSessions closed or expired by this entry
 * @param defects what threw and was undone
 * @param took how long what ended with this entry took, for figures; in order
 * @param diverged the leader's digest at an index that both have applied is not ours
 */
public record Applied(
        long index,
        long clusterTimeMillis,
        List<Reply> replies,
        List<SessionEvent> events,
        List<Change> changes,
        List<Long> endedSessions,
        List<Defect> defects,
        List<Took> took,
        boolean diverged) {

    /** An event and whose it is. */
    public record SessionEvent(long sessionId, Event event) {}
}
