package io.coordinator.server.raft;

import java.util.Set;

/**
 * Who is in the Raft group, by the names that they have there.
 *
 * @param listeners who have the log and no vote
 * @param settled whether no change is under way
 */
public record Electorate(Set<String> voters, Set<String> listeners, boolean settled) {
    public Electorate {
        voters = Set.copyOf(voters);
        listeners = Set.copyOf(listeners);
    }

    /** Whether a peer is in the group, in whatever part. */
    public boolean has(String peer) {
        return voters.contains(peer) || listeners.contains(peer);
    }
}
