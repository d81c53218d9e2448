package io.coordinator.server.member;

import io.coordinator.server.propose.Proposer;
import io.coordinator.server.raft.RaftLog;
import io.coordinator.server.raft.RaftMembers;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What this node knows and can do about members while it leads.
 *
 * @param node this one
 * @param peer its name in the Raft group
 * @param activeVersion the core version whose operations all members know
 * @param log what is committed
 * @param group who is in it
 * @param proposer takes proposals while this node leads and serves
 * @param members as the log has them
 * @param silenceMax who was silent for longer is not counted upon
 * @param handOver gives leadership to any other
 */
public record MemberLeadership(
        String node,
        String peer,
        Supplier<Integer> activeVersion,
        RaftLog log,
        RaftMembers group,
        Proposer proposer,
        MemberView members,
        Duration silenceMax,
        Runnable handOver) {

    /** Whether this node leads and serves. */
    boolean leads() {
        return proposer.isOpen();
    }

    /** Whether a peer was heard of lately, or is this node. */
    boolean isAlive(String name) {
        return name.equals(peer) || silence(name).compareTo(silenceMax) <= 0;
    }

    /** For how long a peer was not heard of; for ever if it is none. */
    Duration silence(String name) {
        Map<String, Duration> silences = group.silences();
        return silences.getOrDefault(name, Duration.ofDays(365));
    }
}
