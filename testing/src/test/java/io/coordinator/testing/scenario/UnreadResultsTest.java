package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.AsyncBuilds;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Results of one session that together are far larger than what a cluster keeps for it. Three nodes and the client share one process, so a
 * collection of garbage can cost a leader its place, and a short lease.
 */
@Tag("alone")
@CoordinatorCluster
class UnreadResultsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int CALLS = 200;
    private static final String MEGABYTE = "r".repeat(1_000_000);

    @Test
    @Feature("C-29")
    void largeHitsDoNotWedgeTheSession(Cluster cluster) throws Exception {
        CoordinatorClient client = patient(cluster);
        client.builds().getOrBuild("hit", String.class, build -> MEGABYTE, LONG);
        List<ConnectionState> states = states(client);
        double before = proposed(cluster);

        List<CompletionStage<String>> hits = ask(client, i -> "hit");

        hits.forEach(hit -> assertThat(Waiting.get(hit)).hasSize(1_000_000));
        assertThat(proposed(cluster) - before).as("commands proposed").isLessThan(4 * CALLS);
        isHardlyDisturbed(states);
    }

    @Test
    @Feature("C-29")
    void largeEventsDoNotWedgeTheSession(Cluster cluster) throws Exception {
        CoordinatorClient builder = patient(cluster);
        CoordinatorClient client = patient(cluster);
        CompletableFuture<String> go = new CompletableFuture<>();
        int keys = 20;
        for (int i = 0; i < keys; i++) {
            var unused = builder.async().builds().getOrBuildAsync("event" + i, String.class, build -> go.join(), LONG);
        }
        Waiting.await("the builders").until(() -> builder.stats().count("buildsPending") == keys);
        List<ConnectionState> states = states(client);
        double before = proposed(cluster);
        List<CompletionStage<String>> waiting = ask(client, i -> "event" + i % keys);
        Waiting.await("the waiters").until(() -> builder.stats().count("buildWaiters") == CALLS);

        go.complete(MEGABYTE);

        waiting.forEach(each -> assertThat(Waiting.get(each)).hasSize(1_000_000));
        assertThat(proposed(cluster) - before).as("commands proposed").isLessThan(4 * CALLS);
        isHardlyDisturbed(states);
    }

    private static CoordinatorClient patient(Cluster cluster) {
        return cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(10)));
    }

    /** The first burst may be turned back, with its stream, and the leader may change. */
    private static void isHardlyDisturbed(List<ConnectionState> states) {
        assertThat(states).doesNotContain(ConnectionState.LOST).hasSizeLessThan(CALLS / 10);
    }

    private static List<CompletionStage<String>> ask(CoordinatorClient client, IntFunction<String> key) {
        AsyncBuilds builds = client.async().builds();
        List<CompletionStage<String>> asked = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            asked.add(builds.getOrBuildAsync(key.apply(i), String.class, build -> "another", LONG));
        }
        return asked;
    }

    private static List<ConnectionState> states(CoordinatorClient client) {
        List<ConnectionState> states = new CopyOnWriteArrayList<>();
        client.addConnectionListener((from, to) -> states.add(to));
        return states;
    }

    private static double proposed(Cluster cluster) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + cluster.httpAddress(cluster.awaitLeader()) + "/metrics"))
                .build();
        String metrics = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        return metrics.lines()
                .filter(line -> line.startsWith("coordinator_proposed_commands_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no such metric in\n" + metrics));
    }
}
