package io.coordinator.state;

import io.coordinator.protocol.Chore;
import io.coordinator.protocol.Count;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.NamespaceUsage;
import io.coordinator.protocol.SnapshotHeader;
import io.coordinator.protocol.Stats;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Counters;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Fingerprint;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Usage;
import io.coordinator.state.session.Sessions;
import io.coordinator.state.session.SharedValues;
import io.coordinator.state.topic.TopicBounds;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** All that is replicated: the rows, the sessions, and the few numbers of a snapshot's header. */
final class State {
    /** In one answer to an operator. */
    private static final int USAGE_MAX = 100;

    final Storage storage = new Storage();
    final SharedValues shared = new SharedValues(storage);
    final Sessions sessions = new Sessions(storage, shared);
    final Chores chores = new Chores(storage, shared);
    final TopicBounds topicBounds = new TopicBounds();
    final DataTypes types;
    final Counters counters;
    long index;
    long nowMillis;
    /** Of the leaders, for people. */
    long dateMillis;

    boolean leaseReleased;
    /** 0: without a bound. */
    long stateBytesMax;
    /** Admission reads it on other threads. */
    volatile int activeVersion;

    /** Empty. */
    State() {
        this(UnaryOperator.identity());
    }

    /** The same with something around each data type. */
    State(UnaryOperator<DataType> around) {
        types = new DataTypes(storage, sessions, topicBounds, around);
        counters = new Counters();
        activeVersion = Coordinator.VERSION_INITIAL;
    }

    /** With the numbers of a snapshot, but no rows yet. */
    State(SnapshotHeader header) {
        types = new DataTypes(storage, sessions, topicBounds, UnaryOperator.identity());
        counters = new Counters(
                header.getRevision(), header.getLastToken(), header.getLastTicket(), header.getLastSessionId());
        index = header.getIndex();
        nowMillis = header.getClusterTimeMillis();
        dateMillis = header.getDateMillis();
        leaseReleased = header.getLeaseReleased();
        stateBytesMax = header.getStateBytesMax();
        activeVersion = header.getActiveVersion();
        topicBounds.set(header.getTopicDefaults());
    }

    long digest() {
        long clock = Fingerprint.of(Fingerprint.of(index, nowMillis), dateMillis);
        long flags = Fingerprint.of(Fingerprint.of(activeVersion, leaseReleased ? 1 : 0), stateBytesMax);
        return storage.digest()
                + sessions.digest()
                + Fingerprint.of(counters.digest(), Fingerprint.of(clock, Fingerprint.of(flags, topicBounds.digest())));
    }

    long rows() {
        return storage.rows() + sessions.rows();
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
                .setDateMillis(dateMillis)
                .setTopicDefaults(topicBounds.defaults())
                .build();
    }

    /** What a data type may know at present. */
    Context context(long sessionId, long seq) {
        return new Context(index, nowMillis, sessionId, seq, dateMillis);
    }

    /**
     * Ends a session and releases what it holds, in one go unless that is a lot; false if there is none. What is left
     * for later protects nothing any more.
     */
    boolean endSession(long sessionId, Recorder effects) {
        if (!sessions.end(sessionId)) {
            return false;
        }
        effects.ended(sessionId);
        Chore left = releaseSession(Chore.newBuilder().setBound(sessionId).build(), effects, effects.slice());
        if (left != null) {
            effects.later(DataKind.SESSION, left.toBuilder());
        }
        return true;
    }

    /**
     * Releases what an ended session holds, type by type.
     *
     * @param chore its id as {@code bound}, and as {@code step} the position of the first type that may have something
     *     left
     * @return what is left; null if nothing is
     */
    @Nullable
    Chore releaseSession(Chore chore, Recorder effects, Slice slice) {
        Context at = context(0, 0);
        List<DataType> all = types.all();
        for (int step = chore.getStep(); step < all.size(); step++) {
            if (!all.get(step).sessionClosed(at, chore.getBound(), effects, slice)) {
                return chore.toBuilder().setStep(step).build();
            }
        }
        return null;
    }

    Stats stats() {
        Stats.Builder stats = Stats.newBuilder()
                .setSessions(sessions.size())
                .setLastToken(counters.token())
                .setDigest(digest())
                .setIndex(index)
                .setStateBytes(storage.usage().bytes())
                .setStateBytesMax(stateBytesMax)
                .setChores(chores.size());
        for (Usage.Count usage : storage.usage().largest(USAGE_MAX)) {
            stats.addUsage(NamespaceUsage.newBuilder()
                    .setData(usage.data())
                    .setNamespace(usage.namespace())
                    .setBytes(usage.bytes())
                    .setRows(usage.rows()));
        }
        for (DataType type : types.all()) {
            type.count((name, count) ->
                    stats.addCounts(Count.newBuilder().setName(name).setValue(count)));
            type.rank(context(0, 0), stats);
        }
        return stats.build();
    }
}
