package io.coordinator.server.support;

import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Error;
import io.coordinator.server.propose.Batch;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.propose.ProposerSettings;
import io.coordinator.server.read.GatedRead;
import io.coordinator.server.read.LogLease;
import io.coordinator.server.read.ReadGate;
import io.coordinator.server.replica.ReadTurn;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.session.GatewaySettings;
import io.coordinator.server.session.LeaderView;
import io.coordinator.server.session.Outgoing;
import io.coordinator.server.session.Serving;
import io.coordinator.server.session.SessionGateway;
import io.coordinator.server.watch.WatchLimits;
import io.coordinator.state.Applied;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import io.coordinator.state.MessageGate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The parts of a node that serve sessions. The test commits its entries and moves its clock. */
public final class HandNode implements AutoCloseable {
    /** So long an entry proves that this node leads. */
    public static final Duration LOG_LEASE = Duration.ofMillis(250);

    private static final Duration LOOK = Duration.ofMillis(SessionGateway.LOOK_MILLIS);

    private final FakeTime time = new FakeTime();
    private final FakeLog log = new FakeLog();
    private final Queue<Throwable> bugs = new ConcurrentLinkedQueue<>();
    private final Replica replica = new Replica(new Coordinator(Limits.DEFAULT), Runnable::run);
    private final Serving serving;
    private long index;

    public HandNode(LeaderView leadership) {
        serving = new Serving(
                new Serving.Settings(
                        new GatewaySettings(
                                "test",
                                "n1",
                                List::of,
                                Optional.empty(),
                                10_000,
                                Limits.DEFAULT,
                                100,
                                100,
                                100,
                                100,
                                100),
                        new ProposerSettings(4, 1 << 20, 1_000, 1_000, 1 << 20),
                        new WatchLimits(new MessageGate(Limits.DEFAULT), 100, 100, 1 << 20),
                        1_000,
                        1 << 20,
                        true),
                new Serving.Clocks(time, time, () -> 0),
                log,
                replica,
                new LogLease(LOG_LEASE, time),
                leadership,
                new Outgoing(1 << 20, 1 << 20, 10_000, Runnable::run),
                bugs::add);
    }

    public FakeTime time() {
        return time;
    }

    public FakeLog log() {
        return log;
    }

    public Replica replica() {
        return replica;
    }

    public Proposer proposer() {
        return serving.proposer();
    }

    public ReadGate gate() {
        return serving.gate();
    }

    public SessionGateway gateway() {
        return serving.gateway();
    }

    /** What ended one of the threads. */
    public Optional<Throwable> bug() {
        return Optional.ofNullable(bugs.peek());
    }

    /** Lets time pass during which this node looks whether it is held up, as it always does. */
    public void pass(Duration duration) {
        for (Duration left = duration; left.compareTo(Duration.ZERO) > 0; left = left.minus(LOOK)) {
            time.advance(LOOK);
            gateway().look();
        }
    }

    /** Applies an entry of another leader. */
    public void follow(Entry entry) {
        replica.apply(++index, entry);
    }

    /** Commits and applies the next entry of this node, which is waited for. */
    public Entry commit() {
        return commit((Batch) log.next());
    }

    /** Commits and applies an entry that this node has submitted. */
    public Entry commit(Batch batch) {
        Applied applied = replica.apply(++index, batch.entry());
        serving.applied(batch, applied);
        return batch.entry();
    }

    /** Whether a read is answered at once, which only the lease permits. */
    public boolean answersAtOnce() {
        Probe read = new Probe();
        gate().submit(read);
        return read.released;
    }

    @Override
    public void close() {
        serving.close();
    }

    private static final class Probe implements GatedRead {
        private boolean released;

        @Override
        public void evaluate(Coordinator core, ReadTurn turn) {}

        @Override
        public void release() {
            released = true;
        }

        @Override
        public void refuse(Error error) {}
    }
}
