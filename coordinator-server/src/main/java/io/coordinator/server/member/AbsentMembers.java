package io.coordinator.server.member;

import io.coordinator.protocol.MemberRow;
import io.coordinator.server.raft.Electorate;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Members that the log has let in and that are not in the Raft group yet, nor answer. Raft would wait for each of them,
 * and let nobody else in meanwhile. Not thread-safe.
 */
final class AbsentMembers {
    private final Predicate<MemberRow> answers;
    private final Map<String, Long> sinceNanos = new HashMap<>();

    /** @param answers whether a member answers with the disk that the log knows; may take a moment */
    AbsentMembers(Predicate<MemberRow> answers) {
        this.answers = answers;
    }

    /** What is wanted, without those that are missing now. */
    Electorate without(List<MemberRow> members, Electorate now, Electorate wanted) {
        Set<String> left = new HashSet<>();
        for (MemberRow row : members) {
            String peer = MemberKeeper.peer(row);
            if (!now.has(peer) && !answers.test(row)) {
                left.add(peer);
            }
        }
        sinceNanos.keySet().retainAll(left);
        left.forEach(peer -> sinceNanos.putIfAbsent(peer, System.nanoTime()));
        return new Electorate(minus(wanted.voters(), left), minus(wanted.listeners(), left), wanted.settled());
    }

    private static Set<String> minus(Set<String> all, Set<String> some) {
        Set<String> rest = new HashSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    /** For how long this node has known that it is missing; zero if it is not. */
    Duration silence(String peer) {
        Long since = sinceNanos.get(peer);
        return since == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /** Whoever does not lead any more does not know. */
    void forget() {
        sinceNanos.clear();
    }
}
