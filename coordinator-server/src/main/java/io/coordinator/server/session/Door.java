package io.coordinator.server.session;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.Reply;
import io.coordinator.server.propose.Proposal;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.read.LeadershipProofs;
import io.coordinator.server.replica.Replica;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * How a client gets its session: from Hello to Welcome. A new session goes through the log. Resumes need only a proof
 * that this node leads, one for all who wait; then they are attached in turns, so many under one lock.
 *
 * <p>Whoever has to wait is told that it is heard, and again from time to time, so that it keeps its stream instead of
 * coming again on another: a storm of clients after a failover does not feed itself (C-14). Everything but
 * {@link #greet} happens on one thread.
 */
final class Door {
    private static final Error OVERLOADED =
            SessionRefusals.of(ErrorCode.EBUSY, "more commands are waiting than this node takes; try again later");
    /** Sessions attached under one lock of the state. */
    private static final int TURN = 64;

    private static final long TURN_PAUSE_MILLIS = 10;
    private static final long LOOK_MILLIS = 50;
    private static final long WORD_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Who is let in sooner needs no word. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    /** The patience asked of those who wait: some words may be late. */
    private static final long PATIENCE_MILLIS = 3_000;
    /** How long a node that knows no leader keeps a client from asking the next node: most elections take less. */
    private static final long LEADERLESS_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Replica replica;
    private final Proposer proposer;
    private final LeadershipProofs proofs;
    private final SessionLeases leases;
    private final LeaderView leadership;
    private final Handshake handshake;
    private final Welcoming welcoming;
    private final SessionThread thread;
    private final Set<Visitor> visitors = new LinkedHashSet<>();
    private final List<Visitor> held = new ArrayList<>();
    private final List<Visitor> unproven = new ArrayList<>();
    private final Deque<Visitor> ready = new ArrayDeque<>();
    private boolean proving;
    private boolean attaching;
    private long leaderSilenceNanos = Long.MAX_VALUE;
    private long lookedNanos = System.nanoTime();
    private volatile long oldestWaitNanos;

    Door(
            GatewaySettings settings,
            Replica replica,
            Proposer proposer,
            LeadershipProofs proofs,
            SessionLeases leases,
            LeaderView leadership,
            SessionThread thread) {
        this.replica = replica;
        this.proposer = proposer;
        this.proofs = proofs;
        this.leases = leases;
        this.leadership = leadership;
        this.thread = thread;
        this.handshake = new Handshake(settings, replica);
        this.welcoming = new Welcoming(settings, proposer, leases, leadership);
        thread.every(LOOK_MILLIS, this::look);
    }

    /** A client has said hello; on a transport thread. */
    void greet(ClientStream stream, Hello hello) {
        Optional<Error> refusal = handshake.refuse(hello, stream.caller());
        if (refusal.isPresent()) {
            stream.goodbye(refusal.get());
        } else {
            leases.heard(hello.getSessionId(), hello.getResumeToken());
            thread.run(() -> arrived(new Visitor(stream, hello, System.nanoTime(), WORD_NANOS - QUIET_NANOS)));
        }
    }

    /** Looks again at those who wait for this node to serve. */
    void decide() {
        thread.run(this::place);
    }

    /** For how long the one that waits longest has waited for a leader that serves. */
    long oldestWaitNanos() {
        return oldestWaitNanos;
    }

    private void arrived(Visitor visitor) {
        visitors.add(visitor);
        place(visitor);
    }

    private void place() {
        List<Visitor> all = List.copyOf(held);
        held.clear();
        all.forEach(this::place);
    }

    /** While this node is about to serve, or nobody leads, clients wait rather than search. */
    private void place(Visitor visitor) {
        if (visitor.stream().hasEnded()) {
            visitors.remove(visitor);
            return;
        }
        switch (leadership.state()) {
            case OPENING -> held.add(visitor);
            case SERVING -> admit(visitor);
            case ELSEWHERE -> {
                if (mayLackLeader(visitor)) {
                    held.add(visitor);
                } else {
                    visitor.stream().leadershipLost();
                    visitors.remove(visitor);
                }
            }
        }
    }

    private boolean mayLackLeader(Visitor visitor) {
        return mayLackLeader(
                visitor.waitedNanos(lookedNanos),
                visitor.wantsNewSession(),
                leaderSilenceNanos,
                leadership.heartbeatNanos());
    }

    /**
     * Who resumes may have seen its leader die before this node could, and would be sent back to it: it waits until the
     * leader is heard of again. For who is new a heartbeat that was not missed will do.
     *
     * @param waitedNanos since the client came; negative if that was after the silence was measured
     */
    static boolean mayLackLeader(long waitedNanos, boolean isNew, long silenceNanos, long heartbeatNanos) {
        long silenceMax = isNew ? Math.max(waitedNanos, heartbeatNanos) : waitedNanos;
        return silenceNanos > silenceMax && waitedNanos < LEADERLESS_NANOS;
    }

    private void admit(Visitor visitor) {
        if (visitor.wantsNewSession() && !leadership.admitsNewSessions()) {
            held.add(visitor);
        } else if (visitor.wantsNewSession()) {
            open(visitor);
        } else {
            unproven.add(visitor);
            prove();
        }
    }

    private void open(Visitor visitor) {
        Command command = handshake.open(visitor.hello());
        Optional<Error> refusal = proposer.isOverloaded()
                ? Optional.of(OVERLOADED)
                : handshake.refuseOpening(command, visitor.stream().sessionsOfCaller());
        if (refusal.isPresent()) {
            visitor.stream().goodbye(refusal.get());
            visitors.remove(visitor);
        } else {
            proposer.offer(new Opening(visitor, command));
        }
    }

    /** Only a proven leader may welcome a client, which then counts on its lease, or say that there is no session. */
    private void prove() {
        if (proving || unproven.isEmpty()) {
            return;
        }
        proving = true;
        List<Visitor> all = List.copyOf(unproven);
        unproven.clear();
        proofs.await(new LeadershipProofs.Claim() {
            @Override
            public void proven() {
                thread.run(() -> decided(() -> ready.addAll(all)));
            }

            @Override
            public void refused() {
                thread.run(() -> decided(() -> held.addAll(all)));
            }
        });
    }

    private void decided(Runnable outcome) {
        proving = false;
        outcome.run();
        prove();
        attachSome();
    }

    private void attachSome() {
        if (attaching) {
            return;
        }
        List<Visitor> turn = nextTurn();
        if (!turn.isEmpty()) {
            attaching = true;
            replica.read(welcoming.of(turn, (seen, left) -> thread.run(() -> attached(seen, left))));
        }
    }

    /** Who has gone meanwhile takes nobody's turn. */
    private List<Visitor> nextTurn() {
        List<Visitor> turn = new ArrayList<>(TURN);
        while (turn.size() < TURN && !ready.isEmpty()) {
            Visitor next = ready.remove();
            if (!next.stream().hasEnded()) {
                turn.add(next);
            }
        }
        return turn;
    }

    /** Out of the lock, and not on the applying thread. */
    private void attached(List<Visitor> turn, List<Visitor> left) {
        for (int i = left.size() - 1; i >= 0; i--) {
            ready.addFirst(left.get(i));
        }
        turn.forEach(Visitor::tell);
        turn.forEach(visitors::remove);
        attaching = false;
        if (!ready.isEmpty()) {
            thread.later(TURN_PAUSE_MILLIS, this::attachSome);
        }
    }

    private void look() {
        long now = System.nanoTime();
        lookedNanos = now;
        leaderSilenceNanos = leadership.leaderSilenceNanos();
        place();
        visitors.removeIf(visitor -> visitor.stream().hasEnded());
        long patience = PATIENCE_MILLIS + ready.size() / TURN * TURN_PAUSE_MILLIS;
        visitors.stream()
                .filter(visitor -> visitor.isDueForAWord(now, WORD_NANOS))
                .forEach(visitor -> visitor.stream().heard(patience));
        oldestWaitNanos = leadership.state() == LeaderView.State.SERVING
                ? visitors.stream()
                        .findFirst()
                        .map(first -> first.waitedNanos(now))
                        .orElse(0L)
                : 0;
    }

    /** A new session on its way through the log. */
    private final class Opening implements Proposal {
        private final Visitor visitor;
        private final Command command;

        Opening(Visitor visitor, Command command) {
            this.visitor = visitor;
            this.command = command;
        }

        @Override
        public List<Command> commands() {
            return List.of(command);
        }

        @Override
        public void applied(int from, List<Reply> replies) {
            Reply reply = replies.get(0);
            thread.run(() -> {
                if (reply.hasError()) {
                    visitor.stream().goodbye(reply.getError());
                    visitors.remove(visitor);
                } else {
                    long session = reply.getSession().getOpened().getSessionId();
                    visitor.opened(session);
                    visitor.stream().opened(session);
                    ready.add(visitor);
                    attachSome();
                }
            });
        }

        @Override
        public void failed() {
            thread.run(() -> {
                visitor.stream().leadershipLost();
                visitors.remove(visitor);
            });
        }
    }
}
