package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.document.Document;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No command ends or stalls three nodes, whatever it would make. */
@CoordinatorCluster
@Tag("alone")
class BudgetScenariosTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    @Feature({"C-01", "R-23"})
    void aDocumentThatDoublesFourteenTimesIsRefused(Cluster cluster, CoordinatorClient client) {
        Document bomb = client.documents().open("bomb");
        bomb.set("a", "x".repeat(400_000));
        ArrayNode copies = MAPPER.createArrayNode();
        for (int i = 0; i < 14; i++) {
            copies.addObject().put("op", "copy").put("from", "").put("path", "/c" + i);
        }
        long revision = bomb.info().orElseThrow().revision();
        assertThatThrownBy(() -> bomb.patch(copies)).isInstanceOf(PayloadTooLargeException.class);
        assertThat(bomb.info().orElseThrow().revision()).isEqualTo(revision);
        assertThat(cluster.alive()).hasSize(3);
        cluster.awaitEqualDigests();
        for (String node : cluster.nodes()) {
            cluster.restart(node);
        }
        assertThat(client.documents().open("bomb").info().orElseThrow().revision())
                .isEqualTo(revision);
    }

    @Test
    @Feature({"C-04", "R-23"})
    void scansWithoutEndAreRefused(CoordinatorClient client) {
        Document document = client.documents().open("scans");
        ObjectNode content = MAPPER.createObjectNode();
        ArrayNode ones = content.putArray("ones");
        for (int i = 0; i < 300_000; i++) {
            ones.add(1);
        }
        for (int i = 0; i < 10; i++) {
            ones.add(2);
        }
        document.replace(content);
        assertThatThrownBy(() -> document.batch(batch -> {
                    for (int i = 0; i < 10; i++) {
                        batch.at("ones").removeItem(2);
                    }
                }))
                .isInstanceOf(PayloadTooLargeException.class)
                .hasMessageContaining("steps");
    }

    /** A clear, and the end of a session with many documents, hold up nobody: not even a session with the shortest lease. */
    @Test
    @Feature({"C-09", "R-25"})
    void bigJobsCostNobodyASession(Cluster cluster, CoordinatorClient worker) throws Exception {
        Cache cache = worker.namespace("big-clear").cache();
        fill(cache, 60_000);
        CoordinatorClient bystander = cluster.client(config -> config.sessionLease(Duration.ofSeconds(2)));
        LockHandle lock = bystander.lock("bystander").acquire();
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Duration> longest = CompletableFuture.supplyAsync(() -> longestPing(bystander, done));
        long cleared = cache.clear("");
        assertThat(cleared).isEqualTo(60_000);
        assertThat(cache.get("k1")).isEmpty();
        done.set(true);
        Duration ping = longest.get(60, TimeUnit.SECONDS);
        assertThat(ping).isLessThan(Duration.ofSeconds(2));
        assertThat(lock.isHeld()).isTrue();
        cluster.awaitEqualDigests();
    }

    private static Duration longestPing(CoordinatorClient client, AtomicBoolean done) {
        Duration longest = Duration.ZERO;
        while (!done.get()) {
            Duration ping = client.ping();
            longest = ping.compareTo(longest) > 0 ? ping : longest;
        }
        return longest;
    }

    private static void fill(Cache cache, int keys) {
        Map<String, Object> batch = new HashMap<>();
        for (int i = 0; i < keys; i++) {
            batch.put("k" + i, i);
            if (batch.size() == 1_000) {
                cache.putAll(batch);
                batch.clear();
            }
        }
    }

    @Test
    @Feature({"C-06", "R-23"})
    void aLargeResultIsKeptOnceForAllWhoWait(Cluster cluster, CoordinatorClient builder, CoordinatorClient waiting) {
        CompletableFuture<String> go = new CompletableFuture<>();
        CompletionStage<String> built = builder.async()
                .builds()
                .getOrBuildAsync("large", String.class, build -> go.get(60, TimeUnit.SECONDS), Duration.ofSeconds(60));
        Waiting.await("the builder").until(() -> builder.stats().count("buildsPending") == 1);
        List<CompletionStage<String>> waiters = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            waiters.add(waiting.async()
                    .builds()
                    .getOrBuildAsync("large", String.class, build -> "another", Duration.ofSeconds(60)));
        }
        Waiting.await("the waiters").until(() -> builder.stats().count("buildWaiters") == 200);
        String result = "r".repeat(1_000_000);
        go.complete(result);
        assertThat(Waiting.get(built)).isEqualTo(result);
        waiters.forEach(waiter -> assertThat(Waiting.get(waiter)).isEqualTo(result));
        Waiting.await("the result to be kept once").until(() -> builder.stats().stateBytes() < 20_000_000);
        cluster.awaitEqualDigests();
    }

    @Test
    @Feature("C-09")
    void theEndOfARichSessionIsNoticedByNobodyElse(Cluster cluster, CoordinatorClient bystander) {
        CoordinatorClient rich = cluster.client();
        for (int i = 0; i < 3_000; i++) {
            rich.lock("rich/" + i).acquire();
        }
        rich.close();
        for (int i = 0; i < 3_000; i += 500) {
            Optional<LockHandle> free = bystander.lock("rich/" + i).tryAcquire(Duration.ofSeconds(30));
            assertThat(free).isPresent();
            free.get().release();
        }
        cluster.awaitEqualDigests();
    }
}
