package io.coordinator.server;

import static io.coordinator.server.support.Operator.add;
import static io.coordinator.server.support.Operator.remove;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.protocol.ClusterAct;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.SaveSnapshotRequest;
import io.coordinator.protocol.SnapshotPart;
import io.coordinator.server.backup.BackupReader;
import io.coordinator.server.backup.BackupWriter;
import io.coordinator.server.backup.Restoring;
import io.coordinator.server.config.ClusterMember;
import io.coordinator.server.config.Keys;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.disk.Directories;
import io.coordinator.server.support.Operator;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The members of before a restore do not come back from the dead, nor do those that had been removed (etcd#20967). */
@Feature({"B-12", "B-16"})
class RestoredMembersTest {
    @Test
    void aRestoredClusterHasOneMemberAndThoseOfBeforeStop(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory.resolve("nodes"), 3).startAll()) {
            Operator operator = new Operator(nodes);
            operator.awaitMembers(nodes.names(), List.of());
            CompletableFuture<Void> left = nodes.node("n3").terminated();
            operator.done(remove("n3"));
            operator.awaitMembers(List.of("n1", "n2"), List.of());
            assertThatThrownBy(() -> left.get(30, TimeUnit.SECONDS)).hasMessageContaining("was removed");
            nodes.ended("n3");
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                client.call(client.put("k", "1"));
            }
            Path backup = directory.resolve("a.snapshot");
            save(nodes.leaderAddress(), operator.leader().getDigestIndex(), backup);
            nodes.close();
            Directories.delete(nodes.data("n1"));
            restore(backup, nodes.config("n1"));

            nodes.start("n1");
            operator.awaitMembers(List.of("n1"), List.of());
            for (String former : List.of("n2", "n3")) {
                CompletableFuture<Void> ended = nodes.start(former).terminated();
                assertThatThrownBy(() -> ended.get(30, TimeUnit.SECONDS))
                        .as(former)
                        .hasMessageMatching("(?s).*(made a new cluster|made anew|was removed).*");
                nodes.ended(former);
            }
            operator.awaitMembers(List.of("n1"), List.of());
            nodes.stop("n1");
            nodes.start("n1");
            operator.awaitMembers(List.of("n1"), List.of());

            Directories.delete(nodes.data("n2"));
            nodes.start("n2");
            operator.awaitWaiting("n2");
            operator.awaitMembers(List.of("n1"), List.of());
            operator.done(add("n2", "", false, true));
            operator.awaitMembers(List.of("n1", "n2"), List.of());
            operator.awaitEqual();
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                assertThat(client.read("k")).isEqualTo("1");
            }
            assertThat(operator.acts()).extracting(ClusterAct::getAction).contains("restore");
        }
    }

    private static void save(String address, long index, Path file) throws Exception {
        try (RawClient client = new RawClient(address);
                BackupWriter writer = BackupWriter.open(file, false)) {
            Iterator<SnapshotPart> parts = CoordinatorServiceGrpc.newBlockingStub(client.channel())
                    .saveSnapshot(
                            SaveSnapshotRequest.newBuilder().setIndexMin(index).build());
            while (parts.hasNext()) {
                writer.write(parts.next().getData().toByteArray());
            }
            writer.commit();
        }
    }

    private static void restore(Path file, ServerConfig config) throws Exception {
        ClusterMember member = config.self();
        BackupReader backup = BackupReader.open(file);
        Restoring.run(backup, config.get(Keys.DATA_DIR), config.cluster(), member, "alice", "a test", 0);
    }
}
