package io.coordinator.server.session;

import io.coordinator.server.propose.Batch;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.propose.ProposerSettings;
import io.coordinator.server.raft.RaftLog;
import io.coordinator.server.raft.Submission;
import io.coordinator.server.read.EntrySource;
import io.coordinator.server.read.LeadershipProofs;
import io.coordinator.server.read.LeaseRule;
import io.coordinator.server.read.ReadGate;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.watch.EventHub;
import io.coordinator.server.watch.WatchLimits;
import io.coordinator.state.Applied;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a node that serve sessions, put together over a log: what makes entries of commands, proves
 * leadership, answers reads and tells changes, and the gateway in front. They are closed until whoever knows of
 * leadership opens them. What they need from outside is a log, clocks, and somebody who ticks.
 */
public final class Serving implements AutoCloseable {
    private final Replica replica;
    private final Proposer proposer;
    private final ReadGate gate;
    private final SessionThread sessions;
    private final HearingClock clock;
    private final EventHub hub;
    private final SessionGateway gateway;

    /**
     * What bounds the parts.
     *
     * @param ringChanges recent changes that are kept for watchers
     * @param ringBytes the heap that these may take, as estimated
     * @param leaseAllowed false sends every read and proof through the log
     */
    public record Settings(
            GatewaySettings gateway,
            ProposerSettings proposer,
            WatchLimits watches,
            int ringChanges,
            long ringBytes,
            boolean leaseAllowed) {}

    /**
     * The clocks of a node. The monotonic ones, in nanoseconds, are one.
     *
     * @param entries stamps entries, so that what is in the state expires by it
     * @param hearing measures the silence of sessions
     * @param date tells the date in milliseconds since 1970, for people: nothing is decided by it, except what the
     *     leader proposes to fire of schedules
     */
    public record Clocks(LongSupplier entries, LongSupplier hearing, LongSupplier date) {}

    /**
     * Starts the threads; nobody is served yet.
     *
     * @param rule must measure time as {@link Clocks#entries} does
     * @param broken told of a bug that has ended a thread
     */
    public Serving(
            Settings settings,
            Clocks clocks,
            RaftLog log,
            Replica replica,
            LeaseRule rule,
            LeaderView leadership,
            Outgoing outgoing,
            Consumer<Throwable> broken) {
        this.replica = replica;
        proposer = new Proposer(log, replica, settings.proposer(), clocks.entries(), clocks.date(), broken);
        gate = new ReadGate(replica, rule, new Entries(proposer), settings.leaseAllowed());
        sessions = new SessionThread(broken);
        LeadershipProofs proofs = new LeadershipProofs(rule, new Entries(proposer), settings.leaseAllowed(), sessions);
        clock = new HearingClock(clocks.hearing(), TimeUnit.MILLISECONDS.toNanos(SessionGateway.LOOK_MILLIS));
        hub = new EventHub(
                settings.watches(),
                settings.ringChanges(),
                settings.ringBytes(),
                replica.status().revision(),
                broken);
        gateway = new SessionGateway(
                settings.gateway(), replica, proposer, gate, hub, clock, proofs, leadership, sessions, outgoing);
    }

    private record Entries(Proposer proposer) implements EntrySource {
        @Override
        public long submitted() {
            return proposer.submitted();
        }

        @Override
        public void requestEntry() {
            proposer.requestEntry();
        }
    }

    public Proposer proposer() {
        return proposer;
    }

    public ReadGate gate() {
        return gate;
    }

    public HearingClock clock() {
        return clock;
    }

    public EventHub hub() {
        return hub;
    }

    public SessionGateway gateway() {
        return gateway;
    }

    /**
     * An entry was applied; on the applying thread, in log order. Replies first, then events, then watches: a client
     * that sees an event has seen what it asked for.
     *
     * @param own the submission of this node that it came from, under the leadership that made it; null if there is
     *     none
     */
    public void applied(@Nullable Submission own, Applied applied) {
        if (own instanceof Batch batch) {
            proposer.applied(batch, applied.replies());
            gate.proven(batch.ordinal(), batch.submittedNanos());
            gateway.proven(batch.ordinal());
        }
        gateway.applied(applied);
        hub.append(applied.changes());
        if (replica.status().workLeft()) {
            proposer.requestEntry();
        }
    }

    /** Ends the threads; clients are told nothing. */
    @Override
    public void close() {
        hub.close();
        sessions.close();
        proposer.close();
    }
}
