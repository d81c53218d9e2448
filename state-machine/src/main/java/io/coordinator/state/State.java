package io.coordinator.state;

import io.coordinator.protocol.SnapshotHeader;
import io.coordinator.protocol.Stats;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Counters;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Fingerprint;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.session.Sessions;

/** All that is replicated: the rows, the sessions, and the few numbers of a snapshot's header. */
final class State {
    final Storage storage = new Storage();
    final Sessions sessions = new Sessions(storage.fingerprint());
    final DataTypes types = new DataTypes(storage, sessions);
    final Counters counters;
    long index;
    long nowMillis;
    boolean leaseReleased;
    /** 0: without a bound. */
    long stateBytesMax;
    /** Admission reads it on other threads. */
    volatile int activeVersion;

    /** Empty. */
    State() {
        counters = new Counters();
        activeVersion = Coordinator.VERSION_INITIAL;
    }

    /** With the numbers of a snapshot, but no rows yet. */
    State(SnapshotHeader header) {
        counters = new Counters(
                header.getRevision(), header.getLastToken(), header.getLastTicket(), header.getLastSessionId());
        index = header.getIndex();
        nowMillis = header.getClusterTimeMillis();
        leaseReleased = header.getLeaseReleased();
        stateBytesMax = header.getStateBytesMax();
        activeVersion = header.getActiveVersion();
    }

    long digest() {
        long clock = Fingerprint.of(index, nowMillis);
        long flags = Fingerprint.of(Fingerprint.of(activeVersion, leaseReleased ? 1 : 0), stateBytesMax);
        return storage.digest() + sessions.digest() + Fingerprint.of(counters.digest(), Fingerprint.of(clock, flags));
    }

    long rows() {
        return storage.rows() + sessions.size();
    }

    SnapshotHeader header() {
        return SnapshotHeader.newBuilder()
                .setIndex(index)
                .setClusterTimeMillis(nowMillis)
                .setRevision(counters.revision())
                .setLastToken(counters.token())
                .setLastSessionId(counters.sessionId())
                .setLastTicket(counters.ticket())
                .setActiveVersion(activeVersion)
                .setDigest(digest())
                .setRows(rows())
                .setLeaseReleased(leaseReleased)
                .setStateBytesMax(stateBytesMax)
                .build();
    }

    /** Ends a session and all that it holds, in one go; false if there is none. */
    boolean endSession(long sessionId, Recorder effects) {
        if (!sessions.end(sessionId)) {
            return false;
        }
        Context at = new Context(index, nowMillis, 0, 0);
        for (DataType type : types.all()) {
            type.sessionClosed(at, sessionId, effects);
        }
        effects.ended(sessionId);
        return true;
    }

    Stats stats() {
        Stats.Builder stats = Stats.newBuilder()
                .setSessions(sessions.size())
                .setLastToken(counters.token())
                .setDigest(digest())
                .setIndex(index);
        for (DataType type : types.all()) {
            type.count(stats);
        }
        return stats.build();
    }
}
