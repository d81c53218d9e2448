package io.coordinator.server.replica;

import io.coordinator.protocol.TopicDefaults;
import io.coordinator.state.Coordinator;
import io.coordinator.state.cluster.ClusterView;

/**
 * The figures of the applied state after one entry, so that nobody needs the lock to see them.
 *
 * @param index of the last entry
 * @param clusterTimeMillis after it
 * @param revision after it
 * @param digest after it
 * @param nextDeadlineMillis cluster time at which something expires; {@link Long#MAX_VALUE} if nothing does
 * @param leaseReleased the entry was a leader's last word
 * @param workLeft another entry would go on with work that was cut into slices
 * @param stateBytes the heap that the rows are estimated to take
 * @param stateBytesMax the quota; 0: none
 * @param dirtyRows changed since the last capture
 * @param sessions open
 * @param topicDefaults what holds for topics whose settings say nothing
 * @param activeVersion the core version whose operations every member understands
 * @param cluster its id and members, as the log knows them
 */
public record ReplicaStatus(
        long index,
        long clusterTimeMillis,
        long revision,
        long digest,
        long nextDeadlineMillis,
        boolean leaseReleased,
        boolean workLeft,
        long stateBytes,
        long stateBytesMax,
        int dirtyRows,
        int sessions,
        TopicDefaults topicDefaults,
        int activeVersion,
        ClusterView cluster) {

    static ReplicaStatus of(Coordinator core) {
        return new ReplicaStatus(
                core.index(),
                core.clusterTimeMillis(),
                core.revision(),
                core.digest(),
                core.nextDeadlineMillis().orElse(Long.MAX_VALUE),
                core.leaseReleased(),
                core.hasWorkLeft(),
                core.stateBytes(),
                core.stateBytesMax(),
                core.dirtyRows(),
                core.sessionCount(),
                core.topicDefaults(),
                core.activeVersion(),
                core.cluster());
    }
}
