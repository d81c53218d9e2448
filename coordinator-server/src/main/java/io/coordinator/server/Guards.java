package io.coordinator.server;

import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.server.config.Keys;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.disk.DiskWatch;
import io.coordinator.server.event.ServerEvents;
import io.coordinator.server.http.ServerMetrics;
import io.coordinator.server.member.MemberView;
import io.coordinator.server.net.MemberProbe;
import io.coordinator.server.raft.LogStatus;
import io.coordinator.server.raft.RatisLog;
import io.coordinator.server.replica.Replica;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What keeps a node from doing harm: when its disk is full, and when its state is not that of the others. */
final class Guards implements AutoCloseable {
    private final DiskWatch disk;
    private final Replica replica;
    private final FullDisk fullDisk;
    private final Divergence divergence;

    Guards(
            ServerConfig config,
            MemberView members,
            MemberProbe probe,
            DiskWatch disk,
            RatisLog log,
            LeadershipCycle cycle,
            Replica replica,
            NodeListener listener,
            ServerEvents events,
            LongSupplier date,
            Consumer<Throwable> broken) {
        this.disk = disk;
        this.replica = replica;
        this.fullDisk = new FullDisk(
                config.node(),
                disk,
                new OwnLeadership(config.node(), members, log, cycle),
                () -> others(config.node(), members),
                probe::status);
        this.divergence = new Divergence(
                config.get(Keys.DATA_DIR),
                () -> List.copyOf(others(config.node(), members).values()),
                probe::status,
                replica,
                listener::digestMismatches,
                events,
                date,
                broken);
        listener.onDivergence(divergence::suspect);
    }

    /** The client addresses of the others that vote, by their names. */
    private static Map<String, String> others(String self, MemberView members) {
        Map<String, String> others = new TreeMap<>();
        members.members().stream()
                .filter(member -> member.getVoter() && !member.getNode().equals(self))
                .forEach(member -> others.put(member.getNode(), member.getClientAddress()));
        return others;
    }

    private record OwnLeadership(String node, MemberView members, RatisLog log, LeadershipCycle cycle)
            implements FullDisk.Leader {
        @Override
        public LogStatus status() {
            return log.status();
        }

        @Override
        public CompletableFuture<?> handOver(String to, Duration timeout) {
            return Handovers.of(node, members, log, cycle).handOver(Optional.of(to), timeout);
        }

        @Override
        public CompletableFuture<?> stepDown(Duration timeout) {
            return log.stepDown(timeout);
        }

        @Override
        public void suspend() {
            cycle.deposed();
        }

        @Override
        public void resume(long term) {
            cycle.elected();
            cycle.ready(term);
        }
    }

    Replica replica() {
        return replica;
    }

    FullDisk fullDisk() {
        return fullDisk;
    }

    Divergence divergence() {
        return divergence;
    }

    /** Adds to a status what a member that doubts its state has asked for; one with another digest is a doubt too. */
    NodeStatusReply answer(NodeStatusRequest request, NodeStatusReply status) {
        OptionalLong own = replica.digestAt(request.getDigestIndex());
        if (own.isEmpty()) {
            return status;
        }
        if (own.getAsLong() != request.getDigest()) {
            divergence.suspect(request.getDigestIndex());
        }
        return status.toBuilder().setDigestThen(own.getAsLong()).build();
    }

    void addTo(ServerMetrics metrics) {
        metrics.gauge("disk.free.bytes", "Free on the disk of the data directory", disk, DiskWatch::freeBytes)
                .gauge(
                        "disk.room",
                        "1 enough, 2 less than the reserve, 3 full",
                        disk,
                        watch -> watch.room().getNumber())
                .counter(
                        "divergence.unresolved",
                        "Times that states differed and no majority had one state; must be 0",
                        divergence,
                        Divergence::unresolved);
    }

    @Override
    public void close() {
        fullDisk.close();
        divergence.close();
    }
}
