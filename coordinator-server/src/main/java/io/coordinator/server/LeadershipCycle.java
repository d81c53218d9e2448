package io.coordinator.server;

import io.coordinator.server.propose.Proposer;
import io.coordinator.server.raft.RaftLog;
import io.coordinator.server.read.ReadGate;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.session.SessionGateway;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From election to loss: a new leader waits until the lease of its predecessor has surely ended, then opens proposer,
 * reads and sessions, in this order; when it is deposed it closes them. Notifications only note what happened; one
 * thread acts on them.
 */
final class LeadershipCycle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeadershipCycle.class);

    private final long waitNanos;
    private final LeadershipState state;
    private final Replica replica;
    private final Proposer proposer;
    private final ReadGate gate;
    private final SessionGateway gateway;
    private final LongSupplier nanoTime;
    private final Consumer<Throwable> broken;
    private final ScheduledExecutorService control = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coordinator-control");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicBoolean transferring = new AtomicBoolean();
    private volatile long generation;
    private volatile long electedNanos;

    /** @param wait how long after its election a leader stays silent, unless its predecessor released the lease */
    LeadershipCycle(
            Duration wait,
            LeadershipState state,
            Replica replica,
            Proposer proposer,
            ReadGate gate,
            SessionGateway gateway,
            LongSupplier nanoTime,
            Consumer<Throwable> broken) {
        this.waitNanos = wait.toNanos();
        this.state = state;
        this.replica = replica;
        this.proposer = proposer;
        this.gate = gate;
        this.gateway = gateway;
        this.nanoTime = nanoTime;
        this.broken = broken;
    }

    /** This node was elected. */
    void elected() {
        electedNanos = nanoTime.getAsLong();
        generation = state.elected();
    }

    /** Everything of earlier terms has been applied. */
    void ready(long term) {
        long own = generation;
        long left = replica.status().leaseReleased() ? 0 : electedNanos + waitNanos - nanoTime.getAsLong();
        LOG.info("elected in term {}; serving in {} ms", term, Math.max(0, TimeUnit.NANOSECONDS.toMillis(left)));
        run(() -> open(own, term), Math.max(0, left));
    }

    /** This node leads no longer. */
    void deposed() {
        state.lost();
        gate.suspendLease();
        run(() -> closeAll("this node leads no longer"), 0);
    }

    private void open(long own, long term) {
        if (!state.isCurrent(own)) {
            return;
        }
        proposer.open();
        gate.open();
        gateway.prepare();
        if (state.serve(own, term)) {
            gateway.open();
            LOG.info("serving clients in term {}", term);
        } else {
            closeAll("this node leads no longer");
        }
    }

    private void closeAll(String reason) {
        gate.close();
        proposer.close(reason);
        gateway.close();
    }

    /**
     * Hands leadership over: no more reads under the lease, a last entry that says so, then the transfer. If that fails,
     * this node goes on as before.
     */
    CompletableFuture<Void> transfer(RaftLog log, Optional<String> to, Duration timeout) {
        Optional<String> heir = log.heir(to);
        if (heir.isEmpty()) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    "this node does not lead, or has not heard of " + to.orElse("another member") + " lately"));
        }
        if (!transferring.compareAndSet(false, true)) {
            return CompletableFuture.failedFuture(new IllegalStateException("a hand-over is under way"));
        }
        gate.suspendLease();
        state.expectHeir(heir);
        return proposer.releaseLease()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .thenComposeAsync(released -> log.transferLeadership(heir.get(), timeout), control)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        state.expectHeir(Optional.empty());
                        gate.resumeLease();
                        proposer.resume();
                    }
                    transferring.set(false);
                });
    }

    private void run(Runnable action, long delayNanos) {
        try {
            var unused = control.schedule(() -> guarded(action), delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("this node is closing", e);
        }
    }

    /** A leader that half opened or half closed must not go on. */
    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException bug) {
            broken.accept(bug);
        }
    }

    @Override
    public void close() {
        state.lost();
        control.shutdownNow();
        closeAll("this node is closing");
    }
}
