package io.coordinator.server.tick;

import io.coordinator.server.propose.Batch;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.raft.RaftLog;
import io.coordinator.server.read.ReadGate;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.session.SessionGateway;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the leader does by the clock: an entry when something expires and no other entry is under way, one a second when
 * nothing happens (a follower that lost its log is noticed only by a new entry), and the end of silent sessions.
 */
public final class Ticker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RaftLog log;
    private final Proposer proposer;
    private final Replica replica;
    private final ReadGate gate;
    private final SessionGateway gateway;
    private final ScheduledExecutorService clock;

    public Ticker(
            RaftLog log,
            Proposer proposer,
            Replica replica,
            ReadGate gate,
            SessionGateway gateway,
            long tickMillis,
            long leaseMillis) {
        this.log = log;
        this.proposer = proposer;
        this.replica = replica;
        this.gate = gate;
        this.gateway = gateway;
        this.clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "coordinator-ticker");
            thread.setDaemon(true);
            return thread;
        });
        every(tickMillis, this::tick);
        every(SessionGateway.LOOK_MILLIS, this::look);
        every(Math.max(1, leaseMillis / 3), this::renewLease);
    }

    private void every(long millis, Runnable action) {
        var unused = clock.scheduleAtFixedRate(() -> guarded(action), millis, millis, TimeUnit.MILLISECONDS);
    }

    /** A scheduled action that throws is never run again; nothing here may end that way. */
    private static void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("a tick failed", e);
        }
    }

    /** A proof needs a commit only; what is held up may be the applying thread. */
    private void look() {
        gateway.look();
        log.newestCommitted().ifPresent(submission -> {
            if (submission instanceof Batch batch) {
                gateway.proven(batch.ordinal());
            }
        });
    }

    private void tick() {
        gateway.endSilentStreams();
        if (!proposer.isOpen()) {
            return;
        }
        gateway.tick();
        if (proposer.isIdle() && (isDue() || proposer.nanosSinceSubmission() >= IDLE_NANOS)) {
            proposer.requestEntry();
        }
    }

    private boolean isDue() {
        return proposer.clusterTimeMillis() >= replica.status().nextDeadlineMillis();
    }

    private void renewLease() {
        if (proposer.isOpen() && proposer.isIdle()) {
            gate.renewIfRead();
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
