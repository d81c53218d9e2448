package io.coordinator.server;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.net.RefusedException;
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
import java.util.function.Consumer;
import java.util.function.LongConsumer;
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
    /** Done when none is under way; failed hand-overs are done, too. */
    private volatile CompletableFuture<Void> handOver = CompletableFuture.completedFuture(null);

    private final HandoverPause pause;
    private volatile long generation;
    private volatile long electedNanos;
    private volatile LongConsumer serving = term -> {};

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
        this.pause = new HandoverPause(nanoTime);
    }

    /** Has somebody hear of the terms in which this node begins to serve; must return at once. */
    void onServing(LongConsumer hears) {
        serving = hears;
    }

    /** This node was elected. */
    void elected() {
        electedNanos = nanoTime.getAsLong();
        generation = state.elected();
    }

    /** Everything of earlier terms has been applied. */
    void ready(long term) {
        long own = generation;
        boolean handedOver = replica.status().leaseReleased();
        if (handedOver) {
            pause.begin();
        }
        long left = handedOver ? 0 : electedNanos + waitNanos - nanoTime.getAsLong();
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
            serving.accept(term);
        } else {
            closeAll("this node leads no longer");
        }
    }

    private void closeAll(String reason) {
        gate.close();
        proposer.close(reason);
        gateway.close();
    }

    /** How long clients must wait before they ask for the next hand-over. */
    HandoverPause pause() {
        return pause;
    }

    /**
     * Hands leadership over: no more reads under the lease, a last entry that says so, then the transfer. If that
     * fails, this node goes on as before.
     *
     * @return fails at once with a {@link RefusedException} if another is under way
     */
    CompletableFuture<Void> transfer(RaftLog log, String heir, Duration timeout) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        if (!isFirst(ended)) {
            return CompletableFuture.failedFuture(new RefusedException(Error.newBuilder()
                    .setCode(ErrorCode.EBUSY)
                    .setMessage("a hand-over is under way; see who leads when it has ended, and try again then")
                    .setRetryAfterMillis(HandoverPause.LENGTH.toMillis())
                    .build()));
        }
        gate.suspendLease();
        state.expectHeir(Optional.of(heir));
        return proposer.releaseLease()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .thenComposeAsync(released -> log.transferLeadership(heir, timeout), control)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        state.expectHeir(Optional.empty());
                        gate.resumeLease();
                        proposer.resume();
                    }
                    pause.begin();
                    ended.complete(null);
                });
    }

    private synchronized boolean isFirst(CompletableFuture<Void> begun) {
        boolean first = handOver.isDone();
        if (first) {
            handOver = begun;
        }
        return first;
    }

    /** Completes when no hand-over is under way. */
    CompletableFuture<Void> handOverUnderWay() {
        return handOver.copy();
    }

    /** Sessions are opened no more, but those there are go on; for a node that is about to end. */
    void admitNoNewSessions() {
        state.endNewSessions();
    }

    /** The last word of a leader to whom nobody takes leadership over: no reads, and an entry that says so. */
    CompletableFuture<Void> letGo() {
        gate.suspendLease();
        return proposer.releaseLease();
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
