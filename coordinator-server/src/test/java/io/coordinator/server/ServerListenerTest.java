package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coordinator.server.config.Keys;
import io.coordinator.server.event.ServerListener;
import io.coordinator.server.support.Metrics;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens on a node is told to whoever embeds it. */
@Feature("PM-EVT-2")
class ServerListenerTest {
    private final List<String> heard = new CopyOnWriteArrayList<>();

    private final class Recorder implements ServerListener {
        @Override
        public void connected(long sessionId) {
            heard.add("connected " + sessionId);
            throw new AssertionError("what it throws stops nothing");
        }

        @Override
        public void disconnected(long sessionId) {
            heard.add("disconnected " + sessionId);
        }

        @Override
        public void reaped(long sessionId) {
            heard.add("reaped " + sessionId);
        }
    }

    @Test
    void aClientComesAndGoesAndItsSessionIsReaped(@TempDir Path directory) throws Exception {
        try (TestNodes nodes =
                        new TestNodes(directory, 1).with(config -> config.set(Keys.SESSION_LEASE_MILLIS, 2_000));
                CoordinatorServer node = CoordinatorServer.builder(nodes.config("n1"))
                        .listener(new Recorder())
                        .start()) {
            await().until(() -> node.status().getServing());
            long session;
            try (RawClient client = RawClient.open(node.clientAddress())) {
                session = client.session();
                await().until(() -> heard.contains("connected " + session(client)));
            }
            await().until(() -> heard.contains("reaped " + session));
            assertThat(heard).containsExactly("connected " + session, "disconnected " + session, "reaped " + session);
            assertThat(Metrics.read(node, "coordinator_sessions_reaped_total")).isEqualTo(1);
        }
    }

    private final class Leadership implements ServerListener {
        @Override
        public void ready() {
            heard.add("ready");
        }

        @Override
        public void leadershipGained(long term) {
            heard.add("leads");
        }

        @Override
        public void leadershipLost() {
            heard.add("leads no longer");
        }

        @Override
        public void snapshotTaken(long index) {
            heard.add("snapshot");
        }
    }

    /** The first of two throws at every turn. */
    @Test
    void allListenersHearWhoLeadsAndThatTheNodeIsReady(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3).startAll()) {
            nodes.stop("n1");
            nodes.leader();
            try (CoordinatorServer node = CoordinatorServer.builder(nodes.config("n1"))
                    .listener(new Recorder())
                    .listener(new Leadership())
                    .start()) {
                await().until(() -> heard.contains("ready"));
                String leader = nodes.leader();
                nodes.node(leader).transferLeadership(Optional.of("n1"), Duration.ofSeconds(30));
                await().until(() -> heard.contains("leads"));
                node.transferLeadership(Optional.of(leader), Duration.ofSeconds(30));
                await().until(() -> heard.contains("leads no longer"));
                assertThat(heard).startsWith("ready").doesNotHaveDuplicates();
            }
        }
    }

    private static long session(RawClient client) {
        return client.session();
    }
}
