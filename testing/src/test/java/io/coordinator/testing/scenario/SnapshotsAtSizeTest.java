package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.process.Launch;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Many keys of 100 bytes: snapshots do not stop the writes, a restart is quick, and whoever missed the log catches up. */
@Tag("alone")
@Tag("soak")
class SnapshotsAtSizeTest {
    private static final Logger log = LoggerFactory.getLogger(SnapshotsAtSizeTest.class);
    private static final String VALUE = "x".repeat(98);
    private static final Duration PAUSE_MAX = Duration.ofMillis(50);
    private static final Duration RESTART_MAX = Duration.ofSeconds(20);

    @Test
    @Feature({"B-05", "PM-PERS-3"})
    void aHundredThousandKeys() throws IOException, InterruptedException {
        run(100_000, "512m");
    }

    @Test
    @Tag("soak")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    @Feature({"B-05", "PM-PERS-3"})
    void aMillionKeys() throws IOException, InterruptedException {
        run(1_000_000, "3g");
    }

    private static void run(int keys, String heap) throws IOException, InterruptedException {
        ClusterOptions options = ClusterOptions.defaults()
                .config("snapshot-dirty-rows", Integer.toString(keys / 4))
                .config("snapshot-spacing-millis", "500")
                .config("log-segment-bytes", "1048576")
                // As in production: compiled well, or the figures mean nothing.
                .launch(Launch.DEFAULT.withFlags("-Xmx" + heap, "-XX:TieredStopAtLevel=4"));
        try (ProcessCluster cluster = ProcessCluster.start(options)) {
            CoordinatorClient client = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(30)));
            Load.write(client, "key", keys, i -> VALUE);
            String behind = cluster.followers().get(0);
            cluster.kill(behind);
            Load.write(client, "key", keys / 2, i -> VALUE + i);
            for (String node : cluster.alive()) {
                Waiting.await("the begin of the log is purged")
                        .until(() -> !Load.hasBeginOfLog(cluster.dataDirectory(node)));
                Duration pause = longestPause(cluster, node);
                log.info("{}: {} keys, longest pause for a snapshot {}", node, keys, pause);
                assertThat(pause).isBetween(Duration.ofNanos(1), PAUSE_MAX);
            }
            log.info("{}: caught up after {}", behind, timeToReady(cluster, behind));
            cluster.awaitEqualDigests();

            String restarted = cluster.followers().get(0);
            cluster.kill(restarted);
            Duration restart = timeToReady(cluster, restarted);
            log.info("{}: restarted after {}", restarted, restart);
            assertThat(restart).isLessThan(RESTART_MAX);
            cluster.awaitEqualDigests();
        }
    }

    private static Duration timeToReady(ProcessCluster cluster, String node) {
        long start = System.nanoTime();
        cluster.start(node);
        Waiting.await(node + " is ready")
                .until(() ->
                        cluster.status(node).filter(NodeStatusReply::getReady).isPresent());
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static Duration longestPause(ProcessCluster cluster, String node) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress(node) + "/metrics"))
                .build();
        String metrics = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        double seconds = metrics.lines()
                .filter(line -> line.startsWith("coordinator_snapshot_capture_max_seconds "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no such metric in\n" + metrics));
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
