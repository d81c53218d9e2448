package io.coordinator.server.session;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Consistency;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ExpireSession;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.Welcome;
import io.coordinator.server.propose.Proposal;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.read.GatedRead;
import io.coordinator.server.read.ReadGate;
import io.coordinator.server.replica.ReadTask;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.watch.EventHub;
import io.coordinator.server.watch.WatchSet;
import io.coordinator.state.Applied;
import io.coordinator.state.Coordinator;
import io.coordinator.state.SessionView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where clients' streams meet sessions: handshake, resume, delivery of what entries did, expiry of silent sessions. */
public final class SessionGateway {
    /** Handshakes that may wait for this node to open for business. */
    private static final int WAITING_MAX = 10_000;

    private static final long RETRY_AFTER_MILLIS = 100;
    private static final long HELLO_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final GatewaySettings settings;
    private final Replica replica;
    private final Proposer proposer;
    private final ReadGate gate;
    private final EventHub hub;
    private final SessionLeases leases;
    private final Leadership leadership;
    private final Handshake handshake;
    private final Admission admission;
    private final Registry registry = new Registry();
    private final Set<ClientStream> streams = ConcurrentHashMap.newKeySet();
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    public SessionGateway(
            GatewaySettings settings,
            Replica replica,
            Proposer proposer,
            ReadGate gate,
            EventHub hub,
            SessionLeases leases,
            Leadership leadership) {
        this.settings = settings;
        this.replica = replica;
        this.proposer = proposer;
        this.gate = gate;
        this.hub = hub;
        this.leases = leases;
        this.leadership = leadership;
        this.handshake = new Handshake(settings);
        this.admission = new Admission(replica, proposer::isOverloaded, RETRY_AFTER_MILLIS);
    }

    /** A client connected. */
    public ClientStream connect(FrameSink sink) {
        ClientStream stream = new ClientStream(this, sink, settings.inFlightMax());
        streams.add(stream);
        if (streams.size() > settings.streamsMax()) {
            stream.goodbye(
                    Errors.of(ErrorCode.EBUSY, "this node has as many connections as it takes; try again later"));
        } else {
            stream.begin();
        }
        return stream;
    }

    /** Ends streams whose clients have not said hello in time. */
    public void endSilentStreams() {
        long now = System.nanoTime();
        for (ClientStream stream : streams) {
            if (stream.isSilentSince(now - HELLO_NANOS)) {
                stream.goodbye(Errors.of(ErrorCode.ETIMEOUT, "no Hello came in time"));
            }
        }
    }

    /** A read without a session. */
    public void read(Query query, Consumer<Answer> answered) {
        Consumer<Error> refused = error -> answered.accept(
                Answer.newBuilder().setId(query.getId()).setError(error).build());
        Optional<Error> refusal = replica.refuse(query);
        QueryBatch read = new QueryBatch(
                List.of(query), answers -> answered.accept(answers.get(0)), error -> refused.accept(notLeader()));
        if (refusal.isPresent()) {
            refused.accept(refusal.get());
        } else if (query.getConsistency() == Consistency.STALE) {
            readStale(read);
        } else if (leadership.state() != Leadership.State.SERVING) {
            refused.accept(notLeader());
        } else if (query.getConsistency() == Consistency.QUORUM) {
            gate.submitQuorum(read);
        } else {
            gate.submit(read);
        }
    }

    private void readStale(QueryBatch read) {
        replica.read(new ReadTask() {
            @Override
            public void evaluate(Coordinator core) {
                read.evaluate(core);
            }

            @Override
            public void evaluated() {
                read.release();
            }
        });
    }

    /** Before this node serves: every session gets a full lease. */
    public void prepare() {
        replica.locked(core -> {
            leases.restart(core.sessions());
            return core;
        });
    }

    /** This node serves from now on: everyone who waited is let in. */
    public void open() {
        takeWaiting().forEach(Runnable::run);
    }

    /** This node serves no longer: all streams end, and their clients go to the new leader. */
    public void close() {
        registry.clear();
        takeWaiting().forEach(Runnable::run);
        List.copyOf(streams).forEach(ClientStream::leadershipLost);
    }

    /** What an entry did; on the applying thread, after the replies were delivered. */
    public void applied(Applied applied) {
        if (leadership.state() != Leadership.State.SERVING) {
            return;
        }
        deliver(applied.events());
        for (long ended : applied.endedSessions()) {
            leases.ended(ended);
            ClientStream stream = registry.remove(ended);
            if (stream != null) {
                stream.goodbye(Errors.sessionEnded());
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
        if (leadership.state() == Leadership.State.SERVING) {
            List<Long> overdue = leases.overdue(TimeUnit.MILLISECONDS.toNanos(settings.tickMillis()));
            if (!overdue.isEmpty()) {
                proposer.offer(new Expiry(overdue));
            }
        }
    }

    /** Streams that serve a session. */
    public int attachedSessions() {
        return registry.size();
    }

    /** Streams open, with or without a session. */
    public int openStreams() {
        return streams.size();
    }

    void handshake(ClientStream stream, Hello hello) {
        Optional<Error> refusal = handshake.refuse(hello);
        if (refusal.isPresent()) {
            stream.goodbye(refusal.get());
            return;
        }
        whenServing(stream, () -> {
            if (hello.getSessionId() == 0) {
                proposer.offer(new Opening(stream, handshake.open(hello)));
            } else {
                gate.submit(new Resumption(stream, hello));
            }
        });
    }

    /** Runs the action when this node serves; while it is about to, the client waits rather than searches. */
    private void whenServing(ClientStream stream, Runnable action) {
        Leadership.State state = leadership.state();
        if (state == Leadership.State.OPENING) {
            synchronized (waiting) {
                if (leadership.state() == Leadership.State.OPENING && waiting.size() < WAITING_MAX) {
                    waiting.add(() -> whenServing(stream, action));
                    return;
                }
            }
            state = leadership.state();
        }
        if (state == Leadership.State.SERVING) {
            action.run();
        } else {
            stream.goodbye(notLeader());
        }
    }

    private List<Runnable> takeWaiting() {
        synchronized (waiting) {
            List<Runnable> taken = new ArrayList<>(waiting);
            waiting.clear();
            return taken;
        }
    }

    /** Makes the stream the session's own, and welcomes the client. */
    private void attach(ClientStream stream, long id, boolean resumed) {
        replica.read(new ReadTask() {
            private boolean found;
            private Optional<ClientStream> replaced = Optional.empty();

            @Override
            public void evaluate(Coordinator core) {
                Optional<SessionView> view = core.session(id);
                found = view.isPresent();
                if (found) {
                    leases.opened(id, view.get().leaseMillis());
                    replaced = stream.attach(view.get(), welcome(view.get(), resumed), core.pendingEvents(id));
                }
            }

            @Override
            public void evaluated() {
                replaced.ifPresent(old -> old.goodbye(
                        Errors.of(ErrorCode.EDISCONNECTED, "the session was resumed on another connection")));
                if (found) {
                    stream.start();
                } else {
                    stream.goodbye(Errors.sessionEnded());
                }
            }
        });
    }

    private Welcome welcome(SessionView view, boolean resumed) {
        return Welcome.newBuilder()
                .setVersion(Handshake.VERSION)
                .setCluster(settings.cluster())
                .setSessionId(view.id())
                .setResumed(resumed)
                .setLeaseMillis(view.leaseMillis())
                .setClusterTimeMillis(clusterTimeMillis())
                .setNode(settings.node())
                .setTerm(leadership.term())
                .setLastSeq(view.lastSeq())
                .addAllEndpoints(settings.endpoints().get())
                .setMaxValueBytes(settings.limits().valueBytesMax())
                .setMaxRequestBytes(settings.limits().requestBytesMax())
                .build();
    }

    Optional<ClientStream> attached(long sessionId, ClientStream stream) {
        return Optional.ofNullable(registry.attach(sessionId, stream));
    }

    void detached(long sessionId, ClientStream stream) {
        registry.detach(sessionId, stream);
    }

    void left(long sessionId, ClientStream stream) {
        streams.remove(stream);
        registry.detach(sessionId, stream);
    }

    void heard(long sessionId) {
        leases.heard(sessionId);
    }

    Proposer proposer() {
        return proposer;
    }

    ReadGate gate() {
        return gate;
    }

    Admission admission() {
        return admission;
    }

    Optional<Error> refuse(Query query) {
        return replica.refuse(query);
    }

    WatchSet openWatches(Runnable wake) {
        return hub.open(wake);
    }

    long clusterTimeMillis() {
        return proposer.clusterTimeMillis();
    }

    Error notLeader() {
        return Errors.notLeader(leadership);
    }

    /** A new session on its way through the log. */
    private final class Opening implements Proposal {
        private final ClientStream stream;
        private final Command command;

        Opening(ClientStream stream, Command command) {
            this.stream = stream;
            this.command = command;
        }

        @Override
        public List<Command> commands() {
            return List.of(command);
        }

        @Override
        public void applied(int from, List<Reply> replies) {
            Reply reply = replies.get(0);
            if (reply.hasError()) {
                stream.goodbye(reply.getError());
            } else {
                attach(stream, reply.getSession().getOpened().getSessionId(), false);
            }
        }

        @Override
        public void failed() {
            stream.leadershipLost();
        }
    }

    /** Looks an existing session up; only a proven leader may say that there is none. */
    private final class Resumption implements GatedRead {
        private final ClientStream stream;
        private final Hello hello;
        private @Nullable SessionView found;

        Resumption(ClientStream stream, Hello hello) {
            this.stream = stream;
            this.hello = hello;
        }

        @Override
        public void evaluate(Coordinator core) {
            found = core.session(hello.getSessionId()).orElse(null);
        }

        @Override
        public void release() {
            SessionView view = found;
            if (view == null) {
                stream.goodbye(Errors.sessionEnded());
            } else if (!Handshake.same(view.resumeToken().toByteArray(), hello.getResumeToken())) {
                stream.goodbye(Errors.of(ErrorCode.EAUTH, "the resume token is not this session's"));
            } else {
                attach(stream, view.id(), true);
            }
        }

        @Override
        public void refuse(Error error) {
            stream.leadershipLost();
        }
    }

    /** The verdict over silent sessions. */
    private static final class Expiry implements Proposal {
        private final List<Command> commands;

        Expiry(List<Long> sessions) {
            commands = sessions.stream().map(Expiry::command).toList();
        }

        private static Command command(long session) {
            return Command.newBuilder()
                    .setSession(SessionCommand.newBuilder()
                            .setExpire(ExpireSession.newBuilder().setSessionId(session)))
                    .build();
        }

        @Override
        public List<Command> commands() {
            return commands;
        }

        @Override
        public void applied(int from, List<Reply> replies) {
            // What ends with the sessions is delivered like any other effect.
        }

        @Override
        public void failed() {
            // The next leader starts with full leases.
        }
    }
}
