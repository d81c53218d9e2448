package io.coordinator.server;

import io.coordinator.server.session.Leadership;
import java.util.function.Supplier;

/** Who leads, as far as this node's sessions are concerned. */
final class LeadershipState implements Leadership {
    private final Supplier<String> leaderAddress;
    private volatile State state = State.ELSEWHERE;
    private volatile long term;
    private long generation;

    LeadershipState(Supplier<String> leaderAddress) {
        this.leaderAddress = leaderAddress;
    }

    /** This node was elected; returns what names this leadership among all that this node has or had. */
    synchronized long elected() {
        state = State.OPENING;
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
    public String leaderAddress() {
        return leaderAddress.get();
    }
}
