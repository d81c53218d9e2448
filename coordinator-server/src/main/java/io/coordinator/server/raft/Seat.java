package io.coordinator.server.raft;

import io.coordinator.server.config.ClusterMember;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.ratis.protocol.RaftPeer;

/**
 * As whom a node takes part in its Raft group.
 *
 * @param peer its name there
 * @param disk the id of its disk
 * @param group the group's id
 * @param founders those who begin the group; empty for a node that waits until it is let in, or was
 * @param admitted whether it may answer its peers and ask them for votes by now; any thread
 * @param addresses where a peer is, by its name; empty if only the log knows
 * @param disks the id of the disk that a peer has, by its name; empty if that is not known
 */
public record Seat(
        String peer,
        String disk,
        UUID group,
        List<ClusterMember> founders,
        BooleanSupplier admitted,
        Function<String, String> addresses,
        Function<String, String> disks) {
    public Seat {
        founders = List.copyOf(founders);
    }

    List<RaftPeer> foundingPeers() {
        return founders.stream()
                .map(member -> RaftPeer.newBuilder()
                        .setId(member.node())
                        .setAddress(member.peer().toString())
                        .build())
                .toList();
    }
}
