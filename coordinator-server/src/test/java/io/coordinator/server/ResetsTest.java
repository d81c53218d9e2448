package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.RawHttp2;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that begins calls only to take them back, which costs it next to nothing (CVE-2023-44487). */
class ResetsTest {
    private static final int CALLS = 1_100;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    @Feature("C-04")
    void theirConnectionEnds() throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll();
                RawHttp2 hostile = new RawHttp2(nodes.leaderAddress())) {
            beginAndReset(hostile);
            hostile.awaitEnd("too_many_rststreams");
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                assertThat(client.call(client.put("k", "1")).hasError()).isFalse();
            }
        }
    }

    private static void beginAndReset(RawHttp2 hostile) {
        try {
            for (int i = 0; i < CALLS; i++) {
                hostile.begin(2 * i + 1);
                hostile.reset(2 * i + 1);
            }
        } catch (IOException e) {
            // The node has ended the connection while more were on their way; the test reads why.
        }
    }
}
