package io.coordinator.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.CoordinatorServer;
import io.coordinator.server.StartupException;
import io.coordinator.server.config.ConfigException;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.ports.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Feature({"PM-CONN-2", "A-13"})
class EmbeddedClusterTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    @Feature("PM-CFG-3")
    void itClosesWhenItsLastClientHasGoneForAsLongAsItWasTold() throws Exception {
        try (EmbeddedCluster cluster =
                EmbeddedCluster.builder().idleTimeout(SHORT).start()) {
            CompletableFuture<Void> closed = cluster.closed();
            try (CoordinatorClient client = cluster.client()) {
                client.cache().put("k", 1);
                assertThatThrownBy(() -> closed.get(3 * SHORT.toMillis(), TimeUnit.MILLISECONDS))
                        .as("it is used")
                        .isInstanceOf(TimeoutException.class);
            }
            closed.get(30, TimeUnit.SECONDS);
            assertThatThrownBy(cluster::client).isInstanceOf(IllegalStateException.class);
            assertThat(cluster.nodes())
                    .allSatisfy(node -> assertThat(node.terminated()).isCompleted());
        }
    }

    @Test
    void threeNodesKeepTheirDataInAGivenDirectoryAndASecondClusterIsKeptOutOfIt(@TempDir Path directory) {
        EmbeddedCluster.Builder builder = EmbeddedCluster.builder().nodes(3).directory(directory);
        try (EmbeddedCluster first = builder.start()) {
            first.client().cache().put("k", "v");
            assertThat(first.nodes()).hasSize(3);
            assertThatThrownBy(builder::start)
                    .isInstanceOf(IllegalStateException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            StartupException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.EPERSISTLOCKED));
            assertThat(first.client().cache().get("k"))
                    .as("it was not disturbed")
                    .isPresent();
            first.close();
        }
        try (EmbeddedCluster second = builder.start()) {
            assertThat(second.client().cache().get("k")).isPresent();
        }
    }

    @Test
    void aStartThatFailsHalfWayLeavesNothingRunning(@TempDir Path directory) throws Exception {
        // The third directory belongs to somebody else.
        try (CoordinatorServer other = CoordinatorServer.builder()
                .node("other")
                .dataDirectory(directory.resolve("n3"))
                .clientPort(0)
                .peerPort(FreePorts.port())
                .httpPort(0)
                .start()) {
            assertThat(other.terminated()).isNotDone();
        }
        EmbeddedCluster.Builder builder = EmbeddedCluster.builder().nodes(3).directory(directory);
        assertThatThrownBy(builder::start).hasMessageContaining("EMISMATCH");
        try (CoordinatorServer free = CoordinatorServer.builder()
                .cluster("embedded")
                .node("n1")
                .dataDirectory(directory.resolve("n1"))
                .clientPort(0)
                .peerPort(FreePorts.port())
                .httpPort(0)
                .start()) {
            assertThat(free.terminated()).as("the directory was let go").isNotDone();
        }
        assertThatThrownBy(() ->
                        EmbeddedCluster.builder().config("no-such-key", "1").start())
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> EmbeddedCluster.builder().nodes(2)).isInstanceOf(IllegalArgumentException.class);
    }
}
