package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose log is deleted under it must not go on acknowledging what no restart would find (C-12). */
@Feature("C-12")
class VanishedLogTest {

    @Test
    void theNodeEndsWithAnErrorAndTheOthersServeOn(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            String victim = nodes.leader();
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                client.call(client.put("k", "1"));
            }
            CoordinatorServer ended = nodes.node(victim);
            delete(nodes.data(victim).resolve("raft"));

            assertThatThrownBy(() -> ended.terminated().get(30, TimeUnit.SECONDS))
                    .rootCause()
                    .hasMessageContaining("has vanished while it ran")
                    .hasMessageContaining("Rejoining empty");
            nodes.kill(victim);
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                assertThat(client.read("k")).isEqualTo("1");
                client.call(client.put("k", "2"));
            }
            // Nor does it come back as if it had never voted. (Its ports and its directory are free when it has ended.)
            await().untilAsserted(() -> assertThatThrownBy(() -> nodes.start(victim))
                    .isInstanceOfSatisfying(
                            StartupException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EMISMATCH)));
        }
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
