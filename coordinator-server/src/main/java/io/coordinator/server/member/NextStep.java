package io.coordinator.server.member;

import io.coordinator.server.raft.Electorate;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The way from one electorate to another, one step at a time: who is new comes in without a vote, gets a vote when it
 * is there, and who shall go goes last. No step makes more than one voter new, so that those who know the log are
 * always more (Ratis refuses others as well; its issue 1912).
 */
final class NextStep {
    private NextStep() {}

    /**
     * The next electorate on the way; empty if it is reached.
     *
     * @param self who leads, and so goes after all others: it cannot take itself out
     */
    static Optional<Electorate> of(Electorate now, Electorate wanted, String self) {
        for (String peer : sorted(wanted.voters(), wanted.listeners())) {
            if (!now.has(peer)) {
                return Optional.of(new Electorate(now.voters(), plus(now.listeners(), peer), true));
            }
        }
        Optional<String> leaving = sorted(now.voters(), Set.of()).stream()
                .filter(peer -> !wanted.voters().contains(peer) && !peer.equals(self))
                .findFirst();
        for (String peer : sorted(wanted.voters(), Set.of())) {
            if (!now.voters().contains(peer)) {
                Set<String> voters = plus(now.voters(), peer);
                if (now.voters().size() > 2) {
                    leaving.ifPresent(voters::remove);
                }
                return Optional.of(new Electorate(voters, minus(now.listeners(), peer), true));
            }
        }
        if (leaving.isPresent()) {
            Set<String> listeners =
                    wanted.listeners().contains(leaving.get()) ? plus(now.listeners(), leaving.get()) : now.listeners();
            return Optional.of(new Electorate(minus(now.voters(), leaving.get()), listeners, true));
        }
        return sorted(now.listeners(), Set.of()).stream()
                .filter(peer -> !wanted.listeners().contains(peer))
                .findFirst()
                .map(peer -> new Electorate(now.voters(), minus(now.listeners(), peer), true));
    }

    private static Set<String> sorted(Set<String> one, Set<String> other) {
        Set<String> all = new TreeSet<>(one);
        all.addAll(other);
        return all;
    }

    private static Set<String> plus(Set<String> set, String peer) {
        Set<String> more = new HashSet<>(set);
        more.add(peer);
        return more;
    }

    private static Set<String> minus(Set<String> set, String peer) {
        Set<String> fewer = new HashSet<>(set);
        fewer.remove(peer);
        return fewer;
    }
}
