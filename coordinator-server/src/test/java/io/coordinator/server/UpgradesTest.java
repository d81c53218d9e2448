package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.coordinator.protocol.ClusterAct;
import io.coordinator.protocol.ClusterQuery;
import io.coordinator.protocol.Consistency;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.FinalizeUpgradeReply;
import io.coordinator.protocol.FinalizeUpgradeRequest;
import io.coordinator.protocol.ListActs;
import io.coordinator.protocol.MemberVersions;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.Query;
import io.coordinator.server.config.Keys;
import io.coordinator.server.snapshot.SnapshotStore;
import io.coordinator.server.support.LogCapture;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.server.tick.VersionKeeper;
import io.coordinator.state.UnknownCommandException;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The version of a cluster is raised when all members know it and somebody asks, and not before. */
@Feature({"B-29", "PM-CONN-19"})
class UpgradesTest {
    private static final int OLD = 1;
    private static final int NEW = 2;

    @Test
    void theVersionIsRaisedOnceAllKnowItAndThenOldNodesAreRefused(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3);
                LogCapture told = LogCapture.of(VersionKeeper.class)) {
            start(nodes, OLD, "n1", "n2");
            start(nodes, NEW, "n3");
            nodes.leader();
            // Leadership stays with an older one, which shows that any can be asked.
            if (nodes.leader().equals("n3")) {
                nodes.node("n3").transferLeadership(Optional.of("n1"), Duration.ofSeconds(10));
            }
            String leader = await().until(nodes::leader, found -> !found.equals("n3"));
            await().untilAsserted(() -> assertThat(ask(nodes, leader, true).getObstaclesList())
                    .containsExactly(
                            "n1 runs release 0.1.0, and takes part in core versions up to 1 only, not 2",
                            "n2 runs release 0.1.0, and takes part in core versions up to 1 only, not 2"));
            FinalizeUpgradeReply refused = ask(nodes, leader, false);
            assertThat(refused.getError().getCode()).isEqualTo(ErrorCode.ECONFLICT);
            assertThat(refused.getActiveVersion()).isEqualTo(OLD);
            assertThat(refused.getNewestVersion()).isEqualTo(NEW);
            assertThat(refused.getMembersList())
                    .extracting(MemberVersions::getCoreVersion)
                    .containsExactly(1, 1, 2);
            assertThat(ask(nodes, "n3", false).getError().getMessage()).contains("ask " + leader);

            for (String node : List.of("n1", "n2")) {
                nodes.stop(node);
                start(nodes, NEW, node);
                nodes.leader();
            }
            nodes.kill("n2");
            assertThat(ask(nodes, nodes.leader(), false).getError().getMessage())
                    .contains("stays at core version 1", "n2 does not answer");
            start(nodes, NEW, "n2");
            await().untilAsserted(
                            () -> assertThat(ask(nodes, nodes.leader(), true).getObstaclesList())
                                    .isEmpty());
            assertThat(nodes.running().values())
                    .extracting(node -> node.status().getActiveVersion())
                    .containsOnly(OLD);
            await().until(() -> said(told, "coordinator upgrade finalize"));

            FinalizeUpgradeReply raised = ask(nodes, nodes.leader(), false);
            assertThat(raised.hasError()).as("%s", raised).isFalse();
            assertThat(raised.getActiveVersion()).isEqualTo(NEW);
            assertThat(ask(nodes, nodes.leader(), false).getError().getMessage())
                    .as("a second time")
                    .isEmpty();
            await().untilAsserted(() -> assertThat(nodes.running().values())
                    .extracting(node -> node.status().getActiveVersion())
                    .containsOnly(NEW));
            assertThat(acts(nodes)).anySatisfy(act -> {
                assertThat(act.getActor()).isEqualTo("ann");
                assertThat(act.getAction()).isEqualTo("finalize upgrade");
                assertThat(act.getSubject()).isEqualTo("core version 2");
            });

            // Stopped, it has the version in a snapshot; killed, it has the entry in its log.
            String stopped = follower(nodes);
            await().until(() -> nodes.node(stopped).status().getActiveVersion() == NEW);
            nodes.stop(stopped);
            Map<String, String> before = files(nodes.data(stopped));
            assertThatThrownBy(() -> start(nodes, OLD, stopped))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("EMISMATCH")
                    .hasMessageContaining("of core version 2 and this node knows versions up to 1")
                    .hasMessageContaining("release 0.1.0");
            assertThat(files(nodes.data(stopped))).isEqualTo(before);
            start(nodes, NEW, stopped);
            await().untilAsserted(() -> assertThat(nodes.running().values().stream()
                            .map(CoordinatorServer::status)
                            .map(status -> status.getDigestIndex() + ":" + status.getDigest())
                            .distinct())
                    .hasSize(1));
            NodeStatusReply status = nodes.node(stopped).status();
            assertThat(status.getCoreVersion()).isEqualTo(NEW);
            assertThat(status.getSnapshotFormat()).isEqualTo(SnapshotStore.FORMAT);
            String killed = follower(nodes);
            nodes.kill(killed);
            start(nodes, OLD, killed);
            assertThatThrownBy(() -> nodes.node(killed).terminated().get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(UnknownCommandException.class)
                    .hasMessageContaining("core version 2")
                    .hasMessageContaining("version-max");
            assertThat(said(told, "n1 1 (release 0.1.0)"))
                    .as("versions that differ are told")
                    .isTrue();
        }
    }

    private static boolean said(LogCapture told, String words) {
        return told.events().stream().map(ILoggingEvent::getFormattedMessage).anyMatch(said -> said.contains(words));
    }

    private static void start(TestNodes nodes, int version, String... names) throws StartupException {
        nodes.with(config -> config.set(Keys.VERSION_MAX, version));
        for (String name : names) {
            nodes.start(name);
        }
    }

    private static String follower(TestNodes nodes) {
        String leader = nodes.leader();
        return nodes.running().keySet().stream()
                .filter(node -> !node.equals(leader))
                .findFirst()
                .orElseThrow();
    }

    private static FinalizeUpgradeReply ask(TestNodes nodes, String node, boolean dryRun) {
        try (RawClient client = new RawClient(nodes.node(node).clientAddress())) {
            return CoordinatorServiceGrpc.newBlockingStub(client.channel())
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .finalizeUpgrade(FinalizeUpgradeRequest.newBuilder()
                            .setDryRun(dryRun)
                            .setAskedBy("ann")
                            .build());
        }
    }

    private static List<ClusterAct> acts(TestNodes nodes) {
        try (RawClient client = new RawClient(nodes.leaderAddress())) {
            return CoordinatorServiceGrpc.newBlockingStub(client.channel())
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .read(Query.newBuilder()
                            .setConsistency(Consistency.LINEARIZABLE)
                            .setCluster(ClusterQuery.newBuilder().setActs(ListActs.getDefaultInstance()))
                            .build())
                    .getCluster()
                    .getActs()
                    .getActsList();
        }
    }

    /** Every file with what is in it. */
    private static Map<String, String> files(Path directory) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                contents.put(
                        directory.relativize(file).toString(),
                        Integer.toString(Arrays.hashCode(Files.readAllBytes(file))));
            }
        }
        return contents;
    }
}
