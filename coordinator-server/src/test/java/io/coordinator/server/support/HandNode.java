package io.coordinator.server.support;

import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Error;
import io.coordinator.server.propose.Batch;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.propose.ProposerSettings;
import io.coordinator.server.read.EntrySource;
import io.coordinator.server.read.GatedRead;
import io.coordinator.server.read.LeadershipProofs;
import io.coordinator.server.read.LogLease;
import io.coordinator.server.read.ReadGate;
import io.coordinator.server.replica.ReadTurn;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.session.GatewaySettings;
import io.coordinator.server.session.HearingClock;
import io.coordinator.server.session.Leadership;
import io.coordinator.server.session.Outgoing;
import io.coordinator.server.session.SessionGateway;
import io.coordinator.server.session.SessionThread;
import io.coordinator.server.watch.EventHub;
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
    private final Proposer proposer =
            new Proposer(log, replica, new ProposerSettings(4, 1 << 20, 1_000, 1_000, 1 << 20), time, bugs::add);
    private final LogLease lease = new LogLease(LOG_LEASE, time);
    private final ReadGate gate = new ReadGate(replica, lease, entries(), true);
    private final SessionThread sessions = new SessionThread(bugs::add);
    private final EventHub hub = new EventHub(
            new WatchLimits(new MessageGate(Limits.DEFAULT), 100, 100, 1 << 20), 1_000, 1 << 20, 0, bugs::add);
    private final SessionGateway gateway;
    private long index;

    public HandNode(Leadership leadership) {
        gateway = new SessionGateway(
                new GatewaySettings(
                        "test", "n1", List::of, Optional.empty(), 10_000, Limits.DEFAULT, 100, 100, 100, 100, 100),
                replica,
                proposer,
                gate,
                hub,
                new HearingClock(time, LOOK.toNanos()),
                new LeadershipProofs(lease, entries(), true, sessions),
                leadership,
                sessions,
                new Outgoing(1 << 20, 1 << 20, 10_000, Runnable::run));
    }

    private EntrySource entries() {
        return new EntrySource() {
            @Override
            public long submitted() {
                return proposer.submitted();
            }

            @Override
            public void requestEntry() {
                proposer.requestEntry();
            }
        };
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
        return proposer;
    }

    public ReadGate gate() {
        return gate;
    }

    public SessionGateway gateway() {
        return gateway;
    }

    /** What ended one of the threads. */
    public Optional<Throwable> bug() {
        return Optional.ofNullable(bugs.peek());
    }

    /** Lets time pass during which this node looks whether it is held up, as it always does. */
    public void pass(Duration duration) {
        for (Duration left = duration; left.compareTo(Duration.ZERO) > 0; left = left.minus(LOOK)) {
            time.advance(LOOK);
            gateway.look();
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
        proposer.applied(batch, applied.replies());
        gate.proven(batch.ordinal(), batch.submittedNanos());
        gateway.proven(batch.ordinal());
        gateway.applied(applied);
        return batch.entry();
    }

    /** Whether a read is answered at once, which only the lease permits. */
    public boolean answersAtOnce() {
        Probe read = new Probe();
        gate.submit(read);
        return read.released;
    }

    @Override
    public void close() {
        hub.close();
        sessions.close();
        proposer.close();
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
