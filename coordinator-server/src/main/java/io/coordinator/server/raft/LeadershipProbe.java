package io.coordinator.server.raft;

import org.apache.ratis.server.DivisionInfo;
import org.jspecify.annotations.Nullable;

/** Answers whether this node leads in a given term; "no" until it is attached to a running log. */
final class LeadershipProbe {
    private volatile @Nullable DivisionInfo info;

    void attach(DivisionInfo running) {
        info = running;
    }

    /**
     * The role is read first: a leader of this or an earlier term that is still in this term now led in this term then,
     * since terms only grow.
     */
    boolean leadsTerm(long term) {
        DivisionInfo current = info;
        return current != null && current.isLeader() && current.getCurrentTerm() == term;
    }
}
