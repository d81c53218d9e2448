package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Consistency;
import io.coordinator.protocol.Role;
import io.coordinator.server.config.Keys;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader that hears of nobody does not keep the clients that go on asking it. */
@Feature("S-35")
class LostMajorityTest {
    private static final int ELECTION_MAX_MILLIS = 1_000;
    /** The longest election timeout, three looks, and what a busy machine needs. */
    private static final Duration BOUND = Duration.ofMillis(4 * ELECTION_MAX_MILLIS);

    @Test
    void aLeaderThatLosesItsMajorityStepsDownWhileClientsKeepAsking(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3)
                .with(config -> config.set(Keys.ELECTION_TIMEOUT_MIN_MILLIS, ELECTION_MAX_MILLIS / 2)
                        .set(Keys.ELECTION_TIMEOUT_MAX_MILLIS, ELECTION_MAX_MILLIS))
                .startAll()) {
            String leader = nodes.leader();
            List<String> followers =
                    nodes.names().stream().filter(node -> !node.equals(leader)).toList();
            AtomicBoolean over = new AtomicBoolean();
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                client.call(client.put("k", "1"));
                CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> askOn(client, over));
                nodes.kill(followers.get(0));
                nodes.kill(followers.get(1));
                long begun = System.nanoTime();
                Awaitility.await("the end of its leadership")
                        .pollInterval(Duration.ofMillis(5))
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> nodes.node(leader).status().getRole() != Role.LEADER);
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(BOUND);
                over.set(true);
                asking.join();
            }
            assertThat(nodes.node(leader).status().getServing()).isFalse();
            nodes.start(followers.get(0));
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                assertThat(client.read("k")).isEqualTo("1");
            }
        }
    }

    /** Each question and each write is an entry, or has one made, every few milliseconds. */
    private static void askOn(RawClient client, AtomicBoolean over) {
        while (!over.get() && !client.ended()) {
            client.send(ClientFrame.newBuilder()
                    .addCommands(client.put("k", "1"))
                    .addQueries(client.get("k", Consistency.LINEARIZABLE, 0))
                    .build());
            LockSupport.parkNanos(5_000_000);
        }
    }
}
