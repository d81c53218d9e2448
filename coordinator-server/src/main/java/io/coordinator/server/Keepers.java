package io.coordinator.server;

import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.server.backup.BackupKeeper;
import io.coordinator.server.backup.Backups;
import io.coordinator.server.config.Keys;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.http.ServerMetrics;
import io.coordinator.server.member.MemberView;
import io.coordinator.server.net.MemberProbe;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.tick.FormerGroupKeeper;
import io.coordinator.server.tick.TopicDefaultsKeeper;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What a node looks after from time to time. */
final class Keepers {
    /** A backup that nobody waits for leaves room for the rest. */
    private static final long BACKUP_BYTES_PER_SECOND = 32L << 20;

    private final ServerConfig config;
    private final MemberView addresses;
    private final Proposer proposer;
    private final Replica replica;
    private final StatusReporter reporter;
    private final MemberProbe probe;

    Keepers(
            ServerConfig config,
            MemberView addresses,
            MemberProbe probe,
            Proposer proposer,
            Replica replica,
            StatusReporter reporter) {
        this.config = config;
        this.addresses = addresses;
        this.proposer = proposer;
        this.replica = replica;
        this.reporter = reporter;
        this.probe = probe;
    }

    /** @param stop is told why the node must stop */
    void start(Parts parts, Consumer<Throwable> stop) {
        String self = addresses.clientOf(config.node());
        parts.add(new TopicDefaultsKeeper(config.topicDefaults(), proposer, replica));
        parts.add(new FormerGroupKeeper(
                reporter.group(), self, reporter::takesPart, addresses::clients, probe::status, stop));
    }

    /** Writes backups, if the node is to. */
    void keepBackups(Parts parts, Backups backups, LongSupplier date, ServerMetrics metrics) {
        BackupKeeper keeper = parts.add(new BackupKeeper(
                new BackupKeeper.Settings(
                        config.get(Keys.BACKUP_DIR),
                        Duration.ofSeconds(config.get(Keys.BACKUP_INTERVAL_SECONDS)),
                        config.get(Keys.BACKUP_KEEP),
                        BACKUP_BYTES_PER_SECOND),
                backups,
                reporter::report,
                this::others,
                date));
        metrics.gauge(
                        "backup.age.seconds",
                        "Age of the newest backup in this node's directory; -1: there is none",
                        keeper,
                        BackupKeeper::ageSeconds)
                .counter("backup.written", "Backups that this node has written", keeper, BackupKeeper::written)
                .counter("backup.failures", "Backups that could not be written", keeper, BackupKeeper::failures);
    }

    /** Of those that answer. */
    private List<NodeStatusReply> others() {
        String self = addresses.clientOf(config.node());
        List<CompletableFuture<NodeStatusReply>> answers = addresses.clients().stream()
                .filter(address -> !address.equals(self))
                .map(address -> probe.status(address).exceptionally(silent -> NodeStatusReply.getDefaultInstance()))
                .toList();
        return answers.stream().map(CompletableFuture::join).toList();
    }
}
