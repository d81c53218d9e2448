package io.coordinator.server;

import io.coordinator.server.session.LeaderView;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Who leads, as far as this node's sessions are concerned. */
final class LeadershipState implements LeaderView {
    private final String self;
    private final Supplier<Optional<String>> leader;
    private final LongSupplier leaderSilence;
    private final long heartbeatNanos;
    private final UnaryOperator<String> addressOf;
    private volatile State state = State.ELSEWHERE;
    private volatile long term;
    private volatile Optional<String> heir = Optional.empty();
    private volatile boolean ending;
    private long generation;

    /**
     * Nobody leads yet.
     *
     * @param self this node
     * @param leader the node that the log takes for the leader
     * @param leaderSilence how long ago that leader was heard of, in nanoseconds
     * @param heartbeatNanos a leader that is silent for longer has missed a heartbeat
     * @param addressOf the client address of a node
     */
    LeadershipState(
            String self,
            Supplier<Optional<String>> leader,
            LongSupplier leaderSilence,
            long heartbeatNanos,
            UnaryOperator<String> addressOf) {
        this.self = self;
        this.leader = leader;
        this.leaderSilence = leaderSilence;
        this.heartbeatNanos = heartbeatNanos;
        this.addressOf = addressOf;
    }

    /** Leadership is about to go to that node: clients can be sent there before it has announced itself. */
    void expectHeir(Optional<String> node) {
        heir = node;
    }

    /** This node is about to end. */
    void endNewSessions() {
        ending = true;
    }

    @Override
    public boolean admitsNewSessions() {
        return !ending;
    }

    /** This node was elected; returns what names this leadership among all that this node has or had. */
    synchronized long elected() {
        state = State.OPENING;
        heir = Optional.empty();
        return ++generation;
    }

    synchronized void lost() {
        state = State.ELSEWHERE;
        generation++;
    }

    /** False if that leadership is over. */
    synchronized boolean serve(long ofGeneration, long inTerm) {
        if (generation != ofGeneration) {
            return false;
        }
        term = inTerm;
        state = State.SERVING;
        return true;
    }

    synchronized boolean isCurrent(long ofGeneration) {
        return generation == ofGeneration;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public long term() {
        return term;
    }

    @Override
    public long leaderSilenceNanos() {
        boolean handedOver = heir.isPresent()
                && leader.get().filter(node -> !node.equals(self)).isEmpty();
        return handedOver ? 0 : leaderSilence.getAsLong();
    }

    @Override
    public long heartbeatNanos() {
        return heartbeatNanos;
    }

    @Override
    public String leaderAddress() {
        // The log takes a while to forget that this node led.
        return leader.get()
                .filter(node -> !node.equals(self) || state != State.ELSEWHERE)
                .or(() -> heir)
                .map(addressOf)
                .orElse("");
    }
}
