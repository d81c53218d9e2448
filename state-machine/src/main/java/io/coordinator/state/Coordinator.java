package io.coordinator.state;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Pong;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionAnswer;
import io.coordinator.protocol.SnapshotHeader;
import io.coordinator.protocol.TopicDefaults;
import io.coordinator.state.cluster.ClusterView;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.KnownVersions;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.UnknownOperationException;
import io.coordinator.state.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The whole replicated state. Not thread-safe, except {@link #refuse}: the caller serializes {@link #apply},
 * {@link #query}, {@link #capture} and the views.
 *
 * <p>Commands of a session carry seq 1, 2, 3, … without gaps. The next one is applied and its reply remembered; an
 * earlier one gets the remembered reply again; a later one is answered {@code EOUTOFORDER} and leaves no trace, unless
 * the leader says with it that the numbers between were refused, which uses them up. {@code EOUTOFORDER} is also the
 * answer to the next one of a session that has left too much unacknowledged, once the acknowledgements that it carries
 * have been honoured: a client that acknowledges and sends again gets through.
 */
public final class Coordinator {
    /** The newest core version that this code knows: what every member must know before its operations are used. */
    public static final int VERSION = 2;

    static final int VERSION_INITIAL = 1;

    private final State state;
    private final Admission admission;
    private final KnownVersions known;
    private final Acknowledgements acknowledgements;
    private final Execution execution;
    private final Quota quota;
    private final DueWork backlog;
    private final DigestHistory digests = new DigestHistory();

    public Coordinator(Limits limits) {
        this(limits, new State());
    }

    Coordinator(Limits limits, State state) {
        this.state = state;
        this.admission = new Admission(limits, state.types);
        this.known = KnownVersions.upTo(limits.versionMax(), VERSION);
        this.quota = new Quota(state);
        this.acknowledgements = new Acknowledgements(state);
        this.execution = new Execution(state, quota);
        this.backlog = new DueWork(state);
        digests.add(state.index, state.digest());
    }

    /**
     * Rebuilds a state from a snapshot.
     *
     * @param header of the snapshot
     * @param rows calls its argument with each row, in any order
     * @throws NewerVersionException if it needs a newer core version than the limits allow; nothing was read
     * @throws CorruptStateException if rows and header disagree, by digest or count
     */
    public static Coordinator restore(Limits limits, SnapshotHeader header, RowSource rows)
            throws CorruptStateException {
        NewerVersionException.check(header, limits.versionMax());
        Restorer restorer = new Restorer(header);
        rows.forEach(restorer::load);
        return new Coordinator(limits, restorer.finish());
    }

    /** Where {@link #restore} reads from. */
    public interface RowSource {
        void forEach(Consumer<Row> visitor);
    }

    /** One stored row. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Row(byte[] key, byte[] value) {}

    /**
     * Why this command must not be proposed: bad arguments, too large, or unknown to the active version. A pure
     * function of the command, the limits and the active version; safe on any thread.
     *
     * <p>The session's next command waits for this one's seq: propose an {@code Acknowledge} in its place.
     */
    public Optional<Error> refuse(Command command) {
        return admission.refuse(command, state.activeVersion);
    }

    /** Why this query cannot be answered at all; safe on any thread. */
    public Optional<Error> refuse(Query query) {
        return admission.refuse(query);
    }

    /**
     * Applies one entry. Refusals are replies, never exceptions.
     *
     * @throws UnknownCommandException if the entry comes from a newer version; this replica must stop
     */
    public Applied apply(long index, Entry entry) {
        if (index <= state.index) {
            throw new IllegalArgumentException("entry " + index + " comes after entry " + state.index);
        }
        state.index = index;
        state.nowMillis = Math.max(state.nowMillis, entry.getClusterTimeMillis());
        state.dateMillis = Math.max(state.dateMillis, entry.getDateMillis());
        state.storage.budget().startEntry();
        Recorder effects = new Recorder(state, entry.getCommandsCount());
        backlog.work(effects);
        try {
            for (Command command : entry.getCommandsList()) {
                known.require(command);
                effects.reply(run(command, effects));
            }
        } catch (UnknownOperationException e) {
            throw new UnknownCommandException(index, String.valueOf(e.getMessage()), known.max());
        }
        state.leaseReleased = entry.getLeaseReleased();
        boolean diverged = digests.contradicts(entry.getDigestIndex(), entry.getDigest());
        digests.add(index, state.digest());
        return effects.applied(diverged);
    }

    private Reply run(Command command, Recorder effects) {
        long sessionId = command.getSessionId();
        long seq = command.getSeq();
        Context at = state.context(sessionId, seq);
        if (sessionId == 0) {
            return execution.run(at, command, effects);
        }
        Session session = state.sessions.find(sessionId);
        if (session == null) {
            return refuse(
                    seq, ErrorCode.ESESSION, "session " + sessionId + " has ended, with all it held; open a new one");
        }
        acknowledgements.take(session, command, effects);
        if (seq <= session.lastSeq()) {
            return remembered(session, seq);
        }
        long expected = session.lastSeq() + 1;
        if (seq > expected && !mayTakeAsRefused(command, expected)) {
            return refuse(
                    seq,
                    ErrorCode.EOUTOFORDER,
                    "command " + seq + " follows command " + session.lastSeq() + "; send again from the gap");
        }
        if (quota.holdsBack(session) && !closes(command)) {
            return refuse(
                    seq,
                    ErrorCode.EOUTOFORDER,
                    "session " + sessionId + " has too much unacknowledged; acknowledge, then send again");
        }
        for (long refused = expected; refused < seq; refused++) {
            state.sessions.remember(session, acknowledged(refused));
        }
        Reply reply = execution.run(at, command, effects);
        if (seq > expected) {
            reply = reply.toBuilder().setSkipped(seq - expected).build();
        }
        state.sessions.remember(session, reply);
        return reply;
    }

    /** The end of a session leaves nothing of it, so nothing stands in its way. */
    private static boolean closes(Command command) {
        return command.getBodyCase() == Command.BodyCase.SESSION
                && command.getSession().hasClose();
    }

    /** Whether the leader says of every number from that one up to the command's own that it was refused. */
    private static boolean mayTakeAsRefused(Command command, long from) {
        long skips = command.getSkips();
        return skips >= 0 && skips <= Session.UNACKNOWLEDGED_MAX && command.getSeq() - from <= skips;
    }

    private Reply remembered(Session session, long seq) {
        Reply reply = session.reply(seq);
        return reply == null
                ? refuse(seq, ErrorCode.EINVAL, "the reply to command " + seq + " was acknowledged and is forgotten")
                : reply;
    }

    /** What is remembered of a command that was refused before it came here. */
    private Reply acknowledged(long seq) {
        return SessionCommands.acknowledged()
                .setSeq(seq)
                .setRevision(state.counters.revision())
                .build();
    }

    private Reply refuse(long seq, ErrorCode code, String message) {
        return Refusals.reply(code, message)
                .setSeq(seq)
                .setRevision(state.counters.revision())
                .build();
    }

    /** Answers from the applied state. Whether that is fresh enough is the caller's business. */
    public Answer query(Query query) {
        return answer(query)
                .setId(query.getId())
                .setRevision(state.counters.revision())
                .setClusterTimeMillis(state.nowMillis)
                .build();
    }

    private Answer.Builder answer(Query query) {
        if (query.getBodyCase() == Query.BodyCase.SESSION) {
            return switch (query.getSession().getOperationCase()) {
                case PING -> answer(SessionAnswer.newBuilder().setPong(Pong.getDefaultInstance()));
                case STATS -> answer(SessionAnswer.newBuilder().setStats(state.stats()));
                case LIST ->
                    answer(SessionAnswer.newBuilder()
                            .setList(SessionQueries.list(
                                    state.sessions, query.getSession().getList())));
                case OPERATION_NOT_SET -> unknownQuery();
            };
        }
        DataType type = state.types.find(query.getBodyCase().getNumber());
        return type == null ? unknownQuery() : type.query(state.context(0, 0), query);
    }

    private static Answer.Builder answer(SessionAnswer.Builder session) {
        return Answer.newBuilder().setSession(session);
    }

    private static Answer.Builder unknownQuery() {
        return Refusals.answer(ErrorCode.EUNKNOWN, "the query is unknown to this version; upgrade this node");
    }

    /** Freezes what changed since the last capture, in constant time or nearly so. */
    public StateCapture capture() {
        return Frozen.of(state);
    }

    /** The index of the last entry applied. */
    public long index() {
        return state.index;
    }

    public long clusterTimeMillis() {
        return state.nowMillis;
    }

    public long revision() {
        return state.counters.revision();
    }

    /** The cluster's id and members, as the log knows them. */
    public ClusterView cluster() {
        return state.types.cluster().view();
    }

    /** The core version whose operations every member understands. */
    public int activeVersion() {
        return state.activeVersion;
    }

    /** A fingerprint of every row and counter; equal on all replicas at the same index. */
    public long digest() {
        return state.digest();
    }

    /** Rows changed since the last capture. */
    public int dirtyRows() {
        return state.storage.dirtyRows() + state.sessions.dirtyRows();
    }

    /** True if the last entry applied was a leader's last word (see Entry.lease_released). */
    public boolean leaseReleased() {
        return state.leaseReleased;
    }

    /** The earliest cluster time at which something expires. */
    public OptionalLong nextDeadlineMillis() {
        Deadline first = state.storage.deadlines().first();
        return first == null ? OptionalLong.empty() : OptionalLong.of(first.atMillis());
    }

    /** Whether there is work that another entry would do at once, be it an empty one. */
    public boolean hasWorkLeft() {
        return backlog.isPending();
    }

    /** The heap that the state is estimated to take. */
    public long stateBytes() {
        return state.storage.usage().bytes();
    }

    /** How large the state may grow; 0: without a bound. */
    public long stateBytesMax() {
        return state.stateBytesMax;
    }

    /** What holds for topics whose settings say nothing. */
    public TopicDefaults topicDefaults() {
        return state.topicBounds.defaults();
    }

    public Optional<SessionView> session(long sessionId) {
        return Optional.ofNullable(state.sessions.find(sessionId)).map(SessionView::of);
    }

    public int sessionCount() {
        return state.sessions.size();
    }

    /** In the order in which they were opened. */
    public List<SessionView> sessions() {
        List<SessionView> views = new ArrayList<>(state.sessions.size());
        for (Session session : state.sessions.all()) {
            views.add(SessionView.of(session));
        }
        return views;
    }

    /** Events of a session that it has not acknowledged, in order. */
    public List<Event> pendingEvents(long sessionId) {
        return state.sessions.pendingEvents(sessionId, 0, Long.MAX_VALUE);
    }

    /** The next of them after that number, about so many bytes: at least one if there is one. */
    public List<Event> pendingEvents(long sessionId, long after, long bytesMax) {
        return state.sessions.pendingEvents(sessionId, after, bytesMax);
    }

    /** For tests. */
    State state() {
        return state;
    }
}
