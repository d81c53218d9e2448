package io.coordinator.testing;

import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.replica.ReplicaStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves the time of a {@link MemoryNode} on, and waits until what that brings has reached the clients. */
final class MemoryTime {
    private static final Logger log = LoggerFactory.getLogger(MemoryTime.class);

    /** The node itself needs microseconds. */
    private static final Duration NODE_PATIENCE = Duration.ofSeconds(30);

    private static final long PAUSE_MICROS = 50;

    private final MemoryNode node;
    private final Duration callbackPatience;

    /** @param callbackPatience so long at most is waited for callbacks that do not return, for each call of this */
    MemoryTime(MemoryNode node, Duration callbackPatience) {
        this.node = node;
        this.callbackPatience = callbackPatience;
    }

    /** Lets time pass; what is due meanwhile ends in its order, each at its own time. */
    synchronized void advance(long millis) {
        Proposer proposer = node.serving().proposer();
        long target = proposer.clusterTimeMillis() + millis;
        CallbackWait callbacks = new CallbackWait();
        for (long next = nextStop(target); ; next = nextStop(target)) {
            long gap = next - proposer.clusterTimeMillis();
            if (gap > 0) {
                // Clients first: they must not believe in what the cluster has ended.
                awaitAll(node.transports().stream()
                        .map(client -> client.announce(gap))
                        .toList());
                node.clock().add(gap);
            }
            proposer.requestEntry();
            long reached = next;
            await("the end of what is due", () -> hasEndedAllUpTo(reached));
            settle(callbacks);
            if (next == target) {
                return;
            }
        }
    }

    private long nextStop(long target) {
        return Math.min(target, node.state().nextDeadlineMillis());
    }

    private boolean hasEndedAllUpTo(long millis) {
        ReplicaStatus state = node.state();
        return state.clusterTimeMillis() >= millis && state.nextDeadlineMillis() > millis && !state.workLeft();
    }

    /** Waits until the clients know all that has happened by now, and their callbacks have returned. */
    void settle() {
        settle(new CallbackWait());
    }

    private void settle(CallbackWait callbacks) {
        await("the end of what is under way", () -> !node.state().workLeft());
        ReplicaStatus now = node.state();
        await("the spread of what has happened", () -> node.told() >= now.index());
        await("the changes to be found", () -> node.serving().hub().hasMatched(now.revision()));
        await("the frames to be sent", () -> node.gateway().hasToldAll());
        List<MemoryTransport> clients = List.copyOf(node.transports());
        awaitAll(clients.stream().map(MemoryTransport::dealtWith).toList());
        callbacks.await(clients);
    }

    /** Waits for callbacks, in all no longer than one may take. */
    private final class CallbackWait {
        private final long end = System.nanoTime() + callbackPatience.toNanos();
        private boolean inVain;

        void await(List<MemoryTransport> clients) {
            if (!inVain && !until(() -> node.isClosed() || haveReturned(clients), end)) {
                inVain = true;
                log.warn("callbacks of a client have not returned within {}; going on without them", callbackPatience);
            }
        }
    }

    private static boolean haveReturned(List<MemoryTransport> clients) {
        return clients.stream().allMatch(MemoryTransport::areCallbacksDone);
    }

    private void awaitAll(List<CompletableFuture<Void>> all) {
        CompletableFuture<Void> every = CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
        await("the clients", every::isDone);
    }

    /**
     * Waits for what can only fail to come by a defect, or by the end of the node.
     *
     * @throws IllegalStateException if it does not come
     */
    void await(String what, BooleanSupplier condition) {
        boolean came =
                until(() -> node.isClosed() || node.bug().isPresent() || condition.getAsBoolean(), NODE_PATIENCE);
        if (node.isClosed()) {
            throw new IllegalStateException("the in-memory cluster was closed while " + what + " was waited for");
        }
        if (!came || node.bug().isPresent()) {
            throw new IllegalStateException(
                    "the in-memory cluster is broken: waited in vain for " + what + "; please report it, with the log",
                    node.bug().orElse(null));
        }
    }

    /** Waits; false if the condition does not become true in time. */
    static boolean until(BooleanSupplier condition, Duration patience) {
        return until(condition, System.nanoTime() + patience.toNanos());
    }

    private static boolean until(BooleanSupplier condition, long endNanos) {
        try {
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() - endNanos >= 0) {
                    return false;
                }
                TimeUnit.MICROSECONDS.sleep(PAUSE_MICROS);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CoordinatorInterruptedException("interrupted while waiting for the in-memory cluster", e);
        }
    }
}
