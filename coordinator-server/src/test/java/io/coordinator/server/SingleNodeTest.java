package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Consistency;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SingleNodeTest {
    @Test
    void aSessionWritesReadsAndLocks(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll();
                RawClient client = RawClient.open(nodes.leaderAddress())) {
            assertThat(client.call(client.put("k", "1")).getCache().getWritten().getRevision())
                    .isEqualTo(1);
            assertThat(client.read("k")).isEqualTo("1");
            assertThat(client.call(client.lock("l", 0)).getLock().getGranted().getToken())
                    .isPositive();
            assertThat(client.ask(client.get("k", Consistency.QUORUM, 2))
                            .getCache()
                            .getGot()
                            .getEntry()
                            .getValue()
                            .toStringUtf8())
                    .isEqualTo("1");
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesAKill(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                client.call(client.put("k", "1"));
            }
            nodes.kill("n1");
            nodes.start("n1");
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                assertThat(client.read("k")).isEqualTo("1");
            }
        }
    }

    @Test
    void aGapInTheSequenceEndsTheStream(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll();
                RawClient client = RawClient.open(nodes.leaderAddress())) {
            client.call(client.put("k", "1"));
            client.command();
            client.send(io.coordinator.protocol.ClientFrame.newBuilder()
                    .addCommands(client.put("k", "2"))
                    .build());
            assertThat(client.goodbye().getCode()).isEqualTo(ErrorCode.EOUTOFORDER);
        }
    }
}
