package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.CoordinatorServer;
import io.coordinator.server.StartupException;
import io.coordinator.server.config.Keys;
import io.coordinator.server.event.ServerListener;
import io.coordinator.testing.EmbeddedCluster;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.ports.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes in other programs: the examples of docs/operating.md and docs/testing.md. */
class EmbeddedTest {
    @Test
    @Feature({"PM-SRV-1", "PM-EVT-2"})
    void aNode(@TempDir Path directory) throws Exception {
        String members = "n1=" + FreePorts.address() + "/" + FreePorts.address();
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        // spotless:off
        // snippet: a-node-in-a-program
        CoordinatorServer node = CoordinatorServer.builder()
                .node("n1")
                .members(members)                     // n1=peerhost:port/clienthost:port,n2=…; alone without
                .dataDirectory(directory)
                .httpPort(0)                          // any that is free
                .set(Keys.SESSIONS_MAX, 500)          // any key
                .set("tick-millis", "50")             // as a file has it
                .listener(new ServerListener() {
                    @Override
                    public void leadershipGained(long term) {
                        heard.add("leads term " + term);
                    }
                })
                .start();
        // …
        node.close();                                 // hands over, as SIGTERM does
        // end
        // spotless:on
        assertThat(node.terminated()).isCompleted();
        try (CoordinatorServer again = CoordinatorServer.builder()
                .node("n1")
                .members(members)
                .dataDirectory(directory)
                .httpPort(0)
                .listener(new ServerListener() {
                    @Override
                    public void ready() {
                        heard.add("ready");
                    }
                })
                .start()) {
            String told;
            do {
                told = heard.poll(30, TimeUnit.SECONDS);
                assertThat(told).isNotNull();
            } while (!"ready".equals(told));
            assertThatThrownBy(() -> CoordinatorServer.builder()
                            .node("n1")
                            .members(members)
                            .dataDirectory(directory)
                            .start())
                    .isInstanceOfSatisfying(
                            StartupException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.EPERSISTLOCKED));
            assertThat(again.terminated()).isNotDone();
            again.close();
            assertThat(again.terminated()).isCompleted();
        }
    }

    @Test
    @Feature({"PM-CONN-2", "A-13"})
    void aCluster(@TempDir Path directory) {
        // spotless:off
        // snippet: a-cluster-in-a-program
        try (EmbeddedCluster cluster = EmbeddedCluster.start()) {
            CoordinatorClient client = cluster.client();
            client.cache().put("greeting", "hello");
        }

        // Its data stays in the directory; the next cluster on it goes on from there, on other ports.
        EmbeddedCluster.Builder kept = EmbeddedCluster.builder().directory(directory).idleTimeout(Duration.ofMinutes(1));
        try (EmbeddedCluster cluster = kept.start()) {
            cluster.client().cache().put("greeting", "hello");
        }
        // end
        // spotless:on
        try (EmbeddedCluster cluster = kept.start()) {
            assertThat(cluster.client().cache().get("greeting")).isPresent();
        }
    }
}
