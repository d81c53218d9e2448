package io.coordinator.server.member;

import io.coordinator.server.raft.Electorate;
import io.coordinator.server.raft.RaftMembers;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices that a member has another address by now, and has the log reach it there. For one thread. */
public final class PeerMoves {
    private static final Logger LOG = LoggerFactory.getLogger(PeerMoves.class);

    private final MemberView members;
    private final RaftMembers group;
    private final Map<String, String> known = new HashMap<>();

    public PeerMoves(MemberView members, RaftMembers group) {
        this.members = members;
        this.group = group;
    }

    /** Compares with the last look. */
    public void look() {
        Electorate now = group.electorate();
        Stream.concat(now.voters().stream(), now.listeners().stream()).forEach(peer -> {
            String address = members.peerAddress(peer);
            if (address.isEmpty()) {
                return; // It is about to leave the group.
            }
            String before = known.put(peer, address);
            if (before != null && !before.equals(address)) {
                LOG.info("{} is at {} from now on; it was at {}", peer, address, before);
                group.moved(peer);
            }
        });
    }
}
