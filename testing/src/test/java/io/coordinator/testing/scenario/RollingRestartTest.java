package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Each node is ended with SIGTERM and started again, one after the other, under load. */
class RollingRestartTest {
    private static final Logger log = LoggerFactory.getLogger(RollingRestartTest.class);
    private static final int WRITERS = 64;
    private static final Duration PAUSE = Duration.ofMillis(Integer.getInteger("restart.pause", 50));
    /** Three processes, 64 clients and whatever else runs share two processors; see decision 0025 for a quiet machine. */
    private static final Duration WAIT_MAX = Duration.ofSeconds(8);

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    @Feature({"S-78", "B-13", "PM-PERS-12"})
    void nobodyLosesAnythingAndNoCallFails() {
        assertThat(restartAll(ClusterOptions.defaults(), 1))
                .allSatisfy(wait -> assertThat(wait).isLessThan(WAIT_MAX));
    }

    /** {@code -Drestart.rounds=N} for another number of rounds. */
    @Test
    @Tag("soak")
    @Tag("alone")
    @Feature({"S-78", "B-13"})
    void roundAfterRound() {
        // As in production: compiled well.
        ClusterOptions options = ClusterOptions.defaults().launch(Launch.DEFAULT.withFlags("-XX:TieredStopAtLevel=4"));
        assertThat(restartAll(options, Integer.getInteger("restart.rounds", 5)))
                .allSatisfy(wait -> assertThat(wait).isLessThan(WAIT_MAX));
    }

    /** The longest wait of a writer during each restart. */
    private List<Duration> restartAll(ClusterOptions options, int rounds) {
        List<Duration> waits = new ArrayList<>();
        try (ProcessCluster cluster = ProcessCluster.start(options)) {
            RestartLoad load = new RestartLoad(cluster, PAUSE);
            load.start(WRITERS);
            for (int round = 0; round < rounds; round++) {
                for (String node : cluster.nodes()) {
                    boolean leads = cluster.awaitLeader().equals(node);
                    Duration before = load.takeLongestWait();
                    cluster.stop(node);
                    load.awaitProgress();
                    Duration stopped = load.takeLongestWait();
                    cluster.start(node);
                    Waiting.await(node + " is ready").until(() -> isReady(cluster.httpAddress(node)));
                    Duration started = load.takeLongestWait();
                    waits.add(stopped);
                    log.info(
                            "{}{}: the longest wait was {} ms before, {} ms while it stopped, {} ms while it started",
                            node,
                            leads ? ", the leader" : "",
                            before.toMillis(),
                            stopped.toMillis(),
                            started.toMillis());
                }
            }
            load.end();
            log.info(
                    "{} writes; longest waits {}",
                    load.writes(),
                    waits.stream()
                            .map(Duration::toMillis)
                            .sorted()
                            .map(String::valueOf)
                            .collect(Collectors.joining(", ")));
            assertThat(load.problems()).isEmpty();
            cluster.awaitEqualDigests();
        }
        return waits;
    }

    private boolean isReady(String address) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/ready"))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // It does not listen yet.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
