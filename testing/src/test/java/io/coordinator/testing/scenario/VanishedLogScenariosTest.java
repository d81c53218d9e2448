package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A process whose log is deleted under it. */
@Feature("C-12")
@CoordinatorCluster(processes = true)
class VanishedLogScenariosTest {

    @Test
    void theProcessEndsAndTheOthersServeOn(ProcessCluster cluster, CoordinatorClient client) throws Exception {
        client.cache().put("k", 1);
        String victim = cluster.awaitLeader();
        delete(cluster.dataDirectory(victim).resolve("raft"));
        Waiting.await("the end of " + victim).until(() -> !cluster.alive().contains(victim));
        assertThat(cluster.output()).contains("has vanished while it ran");

        client.cache().put("k", 2);
        assertThat(client.cache().get("k").orElseThrow().value().asInt()).isEqualTo(2);
        cluster.wipe(victim);
        cluster.start(victim);
        cluster.awaitEqualDigests();
    }

    private static void delete(Path root) throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(root)) {
            files = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
