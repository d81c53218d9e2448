package io.coordinator.server.session;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** All who go with the sessions of a node, told in the order in which they came. */
final class SessionFollowers implements SessionFollower {
    private final List<SessionFollower> all = new CopyOnWriteArrayList<>();

    void add(SessionFollower follower) {
        all.add(follower);
    }

    @Override
    public void attached(long sessionId) {
        all.forEach(follower -> follower.attached(sessionId));
    }

    @Override
    public void detached(long sessionId) {
        all.forEach(follower -> follower.detached(sessionId));
    }

    @Override
    public void reaped(List<Long> sessions) {
        all.forEach(follower -> follower.reaped(sessions));
    }

    @Override
    public void ended(long sessionId) {
        all.forEach(follower -> follower.ended(sessionId));
    }

    @Override
    public void leadershipLost() {
        all.forEach(SessionFollower::leadershipLost);
    }
}
