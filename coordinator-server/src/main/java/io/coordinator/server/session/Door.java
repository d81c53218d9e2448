package io.coordinator.server.session;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.Welcome;
import io.coordinator.server.propose.Proposal;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.read.GatedRead;
import io.coordinator.server.read.ReadGate;
import io.coordinator.server.replica.ReadTask;
import io.coordinator.server.replica.Replica;
import io.coordinator.state.Coordinator;
import io.coordinator.state.SessionView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * How a client gets its session: from Hello to Welcome. A new session goes through the log; an existing one is looked up
 * like any linearizable read, since only a proven leader may say that there is none.
 */
final class Door {
    /** Handshakes that may wait for this node to open for business. */
    private static final int WAITING_MAX = 10_000;

    private final GatewaySettings settings;
    private final Replica replica;
    private final Proposer proposer;
    private final ReadGate gate;
    private final SessionLeases leases;
    private final Leadership leadership;
    private final Handshake handshake;
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    Door(
            GatewaySettings settings,
            Replica replica,
            Proposer proposer,
            ReadGate gate,
            SessionLeases leases,
            Leadership leadership) {
        this.settings = settings;
        this.replica = replica;
        this.proposer = proposer;
        this.gate = gate;
        this.leases = leases;
        this.leadership = leadership;
        this.handshake = new Handshake(settings, replica);
    }

    void greet(ClientStream stream, Hello hello) {
        Optional<Error> refusal = handshake.refuse(hello, stream.caller());
        if (refusal.isPresent()) {
            stream.goodbye(refusal.get());
            return;
        }
        whenServing(stream, () -> {
            if (hello.getSessionId() == 0) {
                open(stream, handshake.open(hello));
            } else {
                gate.submit(new Resumption(stream, hello));
            }
        });
    }

    private void open(ClientStream stream, Command opening) {
        Optional<Error> refusal = handshake.refuseOpening(opening, stream.sessionsOfCaller());
        if (refusal.isPresent()) {
            stream.goodbye(refusal.get());
        } else {
            proposer.offer(new Opening(stream, opening));
        }
    }

    /** Lets in, or turns away, those who waited for this node to serve. */
    void decide() {
        List<Runnable> decided;
        synchronized (waiting) {
            decided = new ArrayList<>(waiting);
            waiting.clear();
        }
        decided.forEach(Runnable::run);
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
            stream.leadershipLost();
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
                .setClusterTimeMillis(proposer.clusterTimeMillis())
                .setNode(settings.node())
                .setTerm(leadership.term())
                .setLastSeq(view.lastSeq())
                .addAllEndpoints(settings.endpoints().get())
                .setMaxValueBytes(settings.limits().valueBytesMax())
                .setMaxRequestBytes(settings.limits().requestBytesMax())
                .build();
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
}
