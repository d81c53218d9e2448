package io.coordinator.client.cluster;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one node sees itself and the cluster, or that it did not answer. Without an answer every field but
 * {@code endpoint} and {@code failure} is empty or 0.
 *
 * @param endpoint the address that was asked
 * @param failure why there is no answer, or null; see {@link #reachable()} and {@link #error()}
 * @param cluster its cluster's name
 * @param node its id
 * @param role in Raft
 * @param term the Raft term it knows
 * @param leader the id of the leader it knows, or empty
 * @param committedIndex the highest committed log index it knows
 * @param appliedIndex the highest it has applied
 * @param snapshotIndex of its newest snapshot
 * @param revision the global revision it has applied
 * @param clusterTimeMillis of its applied state
 * @param digest of its state at {@code digestIndex}; equal on all nodes at the same index
 * @param digestIndex the index at which {@code digest} was taken
 * @param digestMismatches how often its state differed from the leader's; anything but 0 is an alarm
 * @param serving whether clients are served here now
 * @param ready whether it knows a leader and is caught up
 * @param version of the software
 * @param coreVersion of the state machine
 * @param sessionsAttached how many sessions are connected to it
 * @param uptimeMillis since its process started serving
 * @param members of the cluster as it knows them
 * @param waiting nodes that wait to be added, as the leader has heard; empty if it does not lead
 */
public record NodeStatus(
        String endpoint,
        @Nullable String failure,
        String cluster,
        String node,
        Role role,
        long term,
        String leader,
        long committedIndex,
        long appliedIndex,
        long snapshotIndex,
        long revision,
        long clusterTimeMillis,
        long digest,
        long digestIndex,
        long digestMismatches,
        boolean serving,
        boolean ready,
        String version,
        int coreVersion,
        long sessionsAttached,
        long uptimeMillis,
        List<Member> members,
        List<Member> waiting) {

    public NodeStatus {
        members = List.copyOf(members);
        waiting = List.copyOf(waiting);
    }

    /** A node's part in Raft. */
    public enum Role {
        UNKNOWN,
        FOLLOWER,
        CANDIDATE,
        LEADER,
        LISTENER
    }

    /**
     * A member of the cluster.
     *
     * @param node its id
     * @param peerAddress where other members reach it
     * @param clientAddress where clients reach it
     * @param voter whether it has a vote; without one it has all data
     * @param spare whether it takes the place of a voter that is gone, without being told to
     * @param incarnation counts the disks of the cluster's members; 0 of a node that waits
     * @param silentMillis for how long the leader has not heard of it; 0 if the node that tells does not lead
     */
    public record Member(
            String node,
            String peerAddress,
            String clientAddress,
            boolean voter,
            boolean spare,
            int incarnation,
            long silentMillis) {}

    /** A node that did not answer. */
    public static NodeStatus unreachable(String endpoint, String failure) {
        return new NodeStatus(
                endpoint,
                failure,
                "",
                "",
                Role.UNKNOWN,
                0,
                "",
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                false,
                false,
                "",
                0,
                0,
                0,
                List.of(),
                List.of());
    }

    /** Whether it answered. */
    public boolean reachable() {
        return failure == null;
    }

    /** Why it did not answer. */
    public Optional<String> error() {
        return Optional.ofNullable(failure);
    }
}
