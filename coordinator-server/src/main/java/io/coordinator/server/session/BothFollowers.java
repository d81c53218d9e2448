package io.coordinator.server.session;

import java.util.List;

/** Two followers as one. */
record BothFollowers(SessionFollower one, SessionFollower other) implements SessionFollower {
    @Override
    public void attached(long sessionId) {
        one.attached(sessionId);
        other.attached(sessionId);
    }

    @Override
    public void detached(long sessionId) {
        one.detached(sessionId);
        other.detached(sessionId);
    }

    @Override
    public void reaped(List<Long> sessions) {
        one.reaped(sessions);
        other.reaped(sessions);
    }

    @Override
    public void ended(long sessionId) {
        one.ended(sessionId);
        other.ended(sessionId);
    }

    @Override
    public void leadershipLost() {
        one.leadershipLost();
        other.leadershipLost();
    }
}
