package io.coordinator.server.session;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.StartWatch;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.read.LeadershipProofs;
import io.coordinator.server.read.ReadGate;
import io.coordinator.server.replica.ReadTask;
import io.coordinator.server.replica.ReadTurn;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.schedule.ScheduleRules;
import io.coordinator.server.watch.EventHub;
import io.coordinator.server.watch.WatchSet;
import io.coordinator.state.Applied;
import io.coordinator.state.Coordinator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Where clients' streams meet sessions: handshake, resume, delivery of what entries did, expiry of silent sessions. */
public final class SessionGateway {
    /** How often {@link #look} is to be called. */
    public static final long LOOK_MILLIS = 50;

    private static final long RETRY_AFTER_MILLIS = 100;
    private static final long HELLO_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** So many sessions end at once; the others a tick later. */
    private static final int EXPIRIES_PER_TICK = 100;

    private static final int SPREAD_MILLIS_A_SESSION = 2;
    private static final int SPREAD_MILLIS_MAX = 2_000;
    /** So long a new leader lets nobody expire while clients wait at its door; later on only what it hears counts. */
    private static final long DOOR_GRACE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final GatewaySettings settings;
    private final Replica replica;
    private final Proposer proposer;
    private final ReadGate gate;
    private final EventHub hub;
    private final SessionLeases leases;
    private final HearingClock clock;
    private final LeadershipProofs proofs;
    private final LeaderView leadership;
    private final Door door;
    private final IntakeRules admission;
    private final Outgoing outgoing;
    private final UnaryReads unaryReads;
    private final SideDoor sideDoor;
    private final SessionFollowers followers = new SessionFollowers();
    private final Registry registry = new Registry();
    private volatile long preparedNanos;
    private final Set<ClientStream> streams = ConcurrentHashMap.newKeySet();

    public SessionGateway(
            GatewaySettings settings,
            Replica replica,
            Proposer proposer,
            ReadGate gate,
            EventHub hub,
            HearingClock clock,
            LeadershipProofs proofs,
            LeaderView leadership,
            SessionThread thread,
            Outgoing outgoing) {
        this.settings = settings;
        this.replica = replica;
        this.proposer = proposer;
        this.gate = gate;
        this.hub = hub;
        this.clock = clock;
        this.leases = new SessionLeases(clock);
        this.proofs = proofs;
        this.leadership = leadership;
        this.door = new Door(settings, replica, proposer, proofs, leases, leadership, thread);
        clock.watch(this::doorLateNanos);
        this.admission = new IntakeRules(
                command -> replica.refuse(command).or(() -> ScheduleRules.refuse(command)),
                proposer::isOverloaded,
                proposer::isFlooded,
                leadership::writesRefused,
                RETRY_AFTER_MILLIS);
        this.outgoing = outgoing;
        this.sideDoor = new SideDoor(new Handshake(settings, replica), gate, leadership);
        this.unaryReads = new UnaryReads(replica, gate, leadership, outgoing, RETRY_AFTER_MILLIS);
    }

    /** Tells somebody what becomes of sessions; called before this node serves. */
    public void follow(SessionFollower follower) {
        followers.add(follower);
    }

    /** Where clients come in beside the streams of their sessions. */
    public SideDoor sideDoor() {
        return sideDoor;
    }

    /** A client connected. */
    public ClientStream connect(FrameSink<ServerFrame> sink) {
        ClientStream stream = new ClientStream(this, sink, settings.inFlightMax());
        streams.add(stream);
        if (streams.size() > settings.streamsMax()) {
            stream.goodbye(SessionRefusals.of(
                    ErrorCode.EBUSY, "this node has as many connections as it takes; try again later"));
        } else {
            stream.begin();
        }
        return stream;
    }

    /** Ends streams whose clients have not said hello in time, or do not take what they are sent. */
    public void endSilentStreams() {
        outgoing.sweep();
        long now = System.nanoTime();
        for (ClientStream stream : streams) {
            if (stream.isSilentSince(now - HELLO_NANOS)) {
                stream.goodbye(SessionRefusals.of(ErrorCode.ETIMEOUT, "no Hello came in time"));
            }
        }
    }

    /** A read without a session, to be begun. */
    public UnaryRead read(Query query, Consumer<Answer> answered) {
        return new UnaryRead(unaryReads, query, answered);
    }

    /** Before this node serves: every session gets a full lease. */
    public void prepare() {
        proofs.open();
        preparedNanos = System.nanoTime();
        replica.locked(core -> {
            leases.restart(core.sessions());
            return core;
        });
    }

    /** This node serves from now on: everyone who waited is let in. */
    public void open() {
        door.decide();
    }

    /** This node serves no longer: all streams end, and their clients go to the new leader. */
    public void close() {
        registry.clear();
        proofs.close();
        door.decide();
        List.copyOf(streams).forEach(ClientStream::leadershipLost);
        followers.leadershipLost();
    }

    /** What an entry did; on the applying thread, after the replies were delivered. */
    public void applied(Applied applied) {
        if (leadership.state() != LeaderView.State.SERVING) {
            return;
        }
        deliver(applied.events());
        for (long ended : applied.endedSessions()) {
            leases.ended(ended);
            followers.ended(ended);
            ClientStream stream = registry.remove(ended);
            if (stream != null) {
                followers.detached(ended);
                stream.goodbye(SessionRefusals.sessionEnded());
            }
        }
    }

    /** Delivers events; consecutive ones of a session go together. */
    private void deliver(List<Applied.SessionEvent> events) {
        int from = 0;
        while (from < events.size()) {
            long session = events.get(from).sessionId();
            int to = from + 1;
            while (to < events.size() && events.get(to).sessionId() == session) {
                to++;
            }
            ClientStream stream = registry.find(session);
            if (stream != null) {
                stream.deliver(events.subList(from, to).stream()
                        .map(Applied.SessionEvent::event)
                        .toList());
            }
            from = to;
        }
    }

    /** Proposes the end of sessions that were silent for longer than their lease. */
    public void tick() {
        if (leadership.state() == LeaderView.State.SERVING) {
            List<Long> overdue = leases.overdue(EXPIRIES_PER_TICK);
            if (!overdue.isEmpty()) {
                proposer.offer(new Expiry(overdue, leases::again, followers::reaped));
            }
        }
    }

    /** Looks whether this node is held up, and after proofs that wait; every {@link #LOOK_MILLIS}. */
    public void look() {
        clock.look();
        proofs.look();
    }

    /** An entry of this node has committed under its own leadership, whether or not it has been applied. */
    public void proven(long ordinal) {
        proofs.proven(ordinal);
    }

    /** Clients that wait may hold locks whose owners this new leader has not heard of. */
    private long doorLateNanos() {
        return System.nanoTime() - preparedNanos < DOOR_GRACE_NANOS ? door.oldestWaitNanos() : 0;
    }

    /**
     * Whether the transports of all clients were handed what there is to tell them; of changes, what {@link
     * EventHub} has matched. It can be false again at once if they go on asking.
     */
    public boolean hasToldAll() {
        return streams.stream().allMatch(ClientStream::hasToldAll);
    }

    /** Streams that serve a session. */
    public int attachedSessions() {
        return registry.size();
    }

    /** Streams open, with or without a session. */
    public int openStreams() {
        return streams.size();
    }

    void opened(long sessionId, String host) {
        registry.opened(sessionId, host);
    }

    Optional<ClientStream> attached(long sessionId, ClientStream stream) {
        followers.attached(sessionId);
        return Optional.ofNullable(registry.attach(sessionId, stream));
    }

    void detached(long sessionId, ClientStream stream) {
        if (registry.detach(sessionId, stream)) {
            followers.detached(sessionId);
        }
    }

    void left(long sessionId, ClientStream stream) {
        streams.remove(stream);
        detached(sessionId, stream);
    }

    void heard(long sessionId) {
        leases.heard(sessionId);
    }

    int sessionsOf(String host) {
        return registry.sessionsOf(host);
    }

    Door door() {
        return door;
    }

    /** Proofs for those who ask nothing of the state. */
    public LeadershipProofs proofs() {
        return proofs;
    }

    ReadGate gate() {
        return gate;
    }

    /** The account of what goes out to clients. */
    public Outgoing outgoing() {
        return outgoing;
    }

    /** Commands that were refused. */
    public long refusedCommands() {
        return admission.refused();
    }

    CommandIntake intake(long lastSeq, CommandIntake.Receiver receiver) {
        return new CommandIntake(lastSeq, admission, proposer::offer, receiver);
    }

    /** Looks up the next events of a session after that number, about a frame of them. */
    void pendingEvents(long sessionId, long after, Consumer<List<Event>> found) {
        replica.read(new ReadTask() {
            private List<Event> events = List.of();

            @Override
            public void evaluate(Coordinator core, ReadTurn turn) {
                events = core.pendingEvents(sessionId, after, FrameWriter.FRAME_BYTES);
            }

            @Override
            public void evaluated() {
                found.accept(events);
            }
        });
    }

    Error slowConsumer() {
        return SessionRefusals.slowConsumer(leadership);
    }

    Optional<Error> refuse(Query query) {
        return replica.refuse(query);
    }

    /**
     * With the revision that it begins at. A watch from now on must not see what its client has been told to be
     * done, and the hub hears of changes after that.
     */
    StartWatch dated(StartWatch start) {
        return start.getFromRevision() != 0
                ? start
                : start.toBuilder()
                        .setFromRevision(replica.status().revision() + 1)
                        .build();
    }

    WatchSet openWatches(Runnable wake) {
        return hub.open(wake);
    }

    /** Over how long clients should spread their return if this leader dies: some milliseconds for each. */
    int spreadMillis() {
        return Math.min(SPREAD_MILLIS_MAX, leases.size() * SPREAD_MILLIS_A_SESSION);
    }

    long clusterTimeMillis() {
        return proposer.clusterTimeMillis();
    }

    Error notLeader() {
        return SessionRefusals.notLeader(leadership);
    }
}
