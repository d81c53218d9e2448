package io.coordinator.testing.scenario;

import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.SaveSnapshotRequest;
import io.coordinator.protocol.SnapshotPart;
import io.coordinator.server.backup.BackupException;
import io.coordinator.server.backup.BackupReader;
import io.coordinator.server.backup.BackupWriter;
import io.coordinator.server.backup.Restoring;
import io.coordinator.server.config.ClusterMember;
import io.coordinator.testing.Cluster;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;

/** Backups of clusters, as the command line saves and restores them. */
final class Backing {
    private Backing() {}

    /** Saves all that was acknowledged; from a follower, if there is one. */
    static void save(Cluster cluster, Path file) throws BackupException, IOException {
        String leader = cluster.awaitLeader();
        long index = cluster.status(leader)
                .map(NodeStatusReply::getAppliedIndex)
                .orElseThrow(() -> new AssertionError(leader + " does not answer"));
        String from = cluster.followers().stream().findFirst().orElse(leader);
        ManagedChannel channel = ManagedChannelBuilder.forTarget(cluster.clientAddress(from))
                .usePlaintext()
                .build();
        try (BackupWriter writer = BackupWriter.open(file, false)) {
            Iterator<SnapshotPart> parts = CoordinatorServiceGrpc.newBlockingStub(channel)
                    .saveSnapshot(
                            SaveSnapshotRequest.newBuilder().setIndexMin(index).build());
            while (parts.hasNext()) {
                writer.write(parts.next().getData().toByteArray());
            }
            writer.commit();
        } finally {
            channel.shutdownNow();
        }
    }

    /** Makes a node that is down the first member of a new cluster. */
    static void restore(Cluster cluster, Path file, String node) throws BackupException {
        BackupReader backup = BackupReader.open(file);
        Restoring.run(
                backup,
                cluster.dataDirectory(node),
                backup.header().getCluster(),
                member(cluster, node),
                "test",
                "test",
                0);
    }

    /** Its peers reach it where their own configurations say. */
    static ClusterMember member(Cluster cluster, String node) {
        return ClusterMember.parseList(node + "=127.0.0.1:1/" + cluster.clientAddress(node))
                .get(0);
    }
}
