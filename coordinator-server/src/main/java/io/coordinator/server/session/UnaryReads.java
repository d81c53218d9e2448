package io.coordinator.server.session;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.read.GatedRead;
import io.coordinator.server.read.ReadGate;
import io.coordinator.server.replica.ReadTask;
import io.coordinator.server.replica.ReadTurn;
import io.coordinator.server.replica.Replica;
import io.coordinator.state.Coordinator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What reads without a session share. Their answers cannot be taken back from a client that does not read them until
 * its call is cut, so together they get a quarter of the node's account; what is small may use as much again.
 */
final class UnaryReads {
    private static final int IN_FLIGHT_MAX = 1_024;
    private static final int SHARE = 4;

    private final Replica replica;
    private final ReadGate gate;
    private final LeaderView leadership;
    private final Outgoing node;
    private final long retryAfterMillis;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    UnaryReads(Replica replica, ReadGate gate, LeaderView leadership, Outgoing node, long retryAfterMillis) {
        this.replica = replica;
        this.gate = gate;
        this.leadership = leadership;
        this.node = node;
        this.retryAfterMillis = retryAfterMillis;
    }

    Replica replica() {
        return replica;
    }

    Outgoing node() {
        return node;
    }

    boolean isServing() {
        return leadership.state() == LeaderView.State.SERVING;
    }

    Error notLeader() {
        return SessionRefusals.notLeader(leadership);
    }

    Error busy() {
        return SessionRefusals.of(
                        ErrorCode.EBUSY, "more reads without a session are unanswered than this node takes; try later")
                .toBuilder()
                .setRetryAfterMillis(retryAfterMillis)
                .build();
    }

    /** Counts one in; false if there are too many. */
    boolean enter() {
        return inFlight.incrementAndGet() <= IN_FLIGHT_MAX;
    }

    void leave(long answerBytes) {
        inFlight.decrementAndGet();
        bytes.addAndGet(-answerBytes);
        node.release(answerBytes);
    }

    /** Whether their share has room for such an answer. */
    boolean hasRoom(long answerBytes) {
        long share = node.bytesMax() / SHARE;
        return bytes.get() < (answerBytes <= Outgoing.SMALL_BYTES ? 2 * share : share);
    }

    void charge(long answerBytes) {
        bytes.addAndGet(answerBytes);
        node.charge(answerBytes);
    }

    void refund(long answerBytes) {
        bytes.addAndGet(-answerBytes);
        node.release(answerBytes);
    }

    void submit(GatedRead read) {
        gate.submit(read);
    }

    void submitQuorum(GatedRead read) {
        gate.submitQuorum(read);
    }

    /** Evaluates what has been applied here, however old that is. */
    void readStale(GatedRead read) {
        replica.read(new ReadTask() {
            @Override
            public void evaluate(Coordinator core, ReadTurn turn) {
                read.evaluate(core, turn);
            }

            @Override
            public void evaluated() {
                read.release();
            }
        });
    }
}
