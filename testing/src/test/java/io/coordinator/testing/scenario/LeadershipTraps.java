package io.coordinator.testing.scenario;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.protocol.Role;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.history.History;
import io.coordinator.testing.history.RegisterModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Situations in which a leader that does not know that it was replaced is asked for what its successor has changed. Each
 * records what it saw, for a checker to judge.
 */
final class LeadershipTraps {
    private static final int READS = 64;
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration HEIR_LEASE = Duration.ofSeconds(60);

    private final ProcessCluster cluster;
    private final CoordinatorClient writer;
    private final History<RegisterModel.Input, RegisterModel.Output> history;
    private long lastValue;

    LeadershipTraps(ProcessCluster cluster, CoordinatorClient writer, String title) {
        this.cluster = cluster;
        this.writer = writer;
        this.history = new History<>(title);
    }

    History<RegisterModel.Input, RegisterModel.Output> history() {
        return history;
    }

    /**
     * Stops the leader, lets its successor change a value, sends reads that wait in the stopped leader's sockets, and lets it
     * go on: it must not answer them by what it remembers. It is cut off first, or the successor's messages would race the
     * reads and often tell it in time.
     */
    void pausedLeader(String key) {
        String old = cluster.awaitLeader();
        write(key);
        try (RawReads raw = RawReads.connect(cluster.clientAddress(old))) {
            // Opens the connection and renews the lease: the leader has every reason to believe in itself.
            Waiting.get(read(raw, key));
            cluster.peers().isolate(old);
            cluster.pause(old);
            String heir = cluster.awaitLeaderOtherThan(old);
            // A client that knows only the heir: the writer may take longer than a lease to give the old leader up.
            try (CoordinatorClient client = cluster.client(
                    settings -> settings.endpoints(cluster.clientAddress(heir)).sessionLease(HEIR_LEASE))) {
                write(client, key);
            }
            List<CompletableFuture<OptionalLong>> waiting = new ArrayList<>();
            for (int i = 0; i < READS; i++) {
                waiting.add(read(raw, key));
            }
            cluster.resume(old);
            waiting.forEach(Waiting::get);
        }
        cluster.peers().heal();
    }

    /**
     * Cuts the leader off from the other nodes, lets its successor change a value, and keeps on asking the old one.
     *
     * @param forHowLong after the change
     */
    void isolatedLeader(String key, Duration forHowLong) {
        String old = cluster.awaitLeader();
        write(key);
        try (RawReads raw = RawReads.connect(cluster.clientAddress(old))) {
            Waiting.get(read(raw, key));
            cluster.peers().isolate(old);
            CompletableFuture<Void> change = CompletableFuture.runAsync(() -> {
                cluster.awaitLeaderOtherThan(old);
                write(key);
            });
            List<CompletableFuture<OptionalLong>> reads = new ArrayList<>();
            CompletableFuture<Void> enough = change.thenRunAsync(
                    () -> {}, CompletableFuture.delayedExecutor(forHowLong.toMillis(), TimeUnit.MILLISECONDS));
            Waiting.await("the change and a while after it").until(() -> {
                reads.add(read(raw, key));
                return enough.isDone();
            });
            busyUntilDeposed(raw, key, old, reads);
            Waiting.get(change);
            reads.forEach(Waiting::get);
        }
        cluster.peers().heal();
    }

    /** It must notice by itself, however busy it is kept: until then its clients stay with it. */
    private void busyUntilDeposed(RawReads raw, String key, String old, List<CompletableFuture<OptionalLong>> reads) {
        Waiting.await("the leader that is cut off steps down").until(() -> {
            reads.add(read(raw, key));
            return cluster.status(old)
                    .filter(status -> status.getRole() != Role.LEADER)
                    .isPresent();
        });
    }

    private void write(String key) {
        write(writer, key);
    }

    private void write(CoordinatorClient client, String key) {
        lastValue++;
        History<RegisterModel.Input, RegisterModel.Output>.Call call =
                history.invoke("writer", key, new RegisterModel.Input.Write(Long.toString(lastValue)));
        client.cache().put(key, lastValue);
        call.returned(new RegisterModel.Output.Done());
    }

    /** Empty if the node refused to answer. */
    private CompletableFuture<OptionalLong> read(RawReads raw, String key) {
        History<RegisterModel.Input, RegisterModel.Output>.Call call =
                history.invoke("reader", key, new RegisterModel.Input.Read());
        return raw.get(key, READ_TIMEOUT).whenComplete((value, failure) -> {
            if (value != null && value.isPresent()) {
                call.returned(new RegisterModel.Output.Value(Optional.of(Long.toString(value.getAsLong()))));
            } else {
                call.refused();
            }
        });
    }
}
