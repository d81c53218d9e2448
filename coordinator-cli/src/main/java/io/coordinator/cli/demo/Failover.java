package io.coordinator.cli.demo;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.NodeStatus;
import io.coordinator.client.error.CoordinatorException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Kills the leader, and finds out when the cluster works again. */
final class Failover {
    private static final Duration POLL = Duration.ofMillis(20);

    private final CoordinatorClient client;
    private final DemoNodes nodes;
    private final Consumer<DemoEvent> listener;

    Failover(CoordinatorClient client, DemoNodes nodes, Consumer<DemoEvent> listener) {
        this.client = client;
        this.nodes = nodes;
        this.listener = listener;
    }

    /** Who leads now. */
    Optional<NodeStatus> leader() {
        return client.status().stream()
                .filter(status -> status.role() == NodeStatus.Role.LEADER)
                .max((one, other) -> Long.compare(one.term(), other.term()));
    }

    /** Kills the leader's process with SIGKILL; returns when it is gone. What comes next is told to the listener. */
    void kill(NodeStatus leader) {
        Process process = nodes.node(leader.node()).process();
        long killedNanos = System.nanoTime();
        process.destroyForcibly();
        process.onExit().join();
        Background.start("probe-write", () -> awaitWrite(killedNanos));
        Background.start("probe-leader", () -> awaitLeader(leader.term(), killedNanos));
    }

    /** One write, which the SDK repeats until a leader acknowledges it. */
    private void awaitWrite(long killedNanos) {
        try {
            client.cache().put("demo/probe", true);
            listener.accept(new DemoEvent.WriteAcknowledged(millisSince(killedNanos)));
        } catch (CoordinatorException e) {
            listener.accept(new DemoEvent.WriteFailed(e));
        }
    }

    private void awaitLeader(long oldTerm, long killedNanos) {
        Optional<NodeStatus> leader = leader().filter(status -> status.term() > oldTerm);
        while (leader.isEmpty()) {
            LockSupport.parkNanos(POLL.toNanos());
            leader = leader().filter(status -> status.term() > oldTerm);
        }
        listener.accept(
                new DemoEvent.LeaderElected(leader.get().node(), leader.get().term(), millisSince(killedNanos)));
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
