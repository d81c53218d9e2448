package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.server.config.Keys;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.RawHttp2;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams whose first frame never arrives in full, by hand, because no client of gRPC sends half a message. */
class HalfFramesTest {
    private static final int FRAME_BYTES = 12 << 20;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private TestNodes node() throws StartupException {
        return new TestNodes(directory, 1)
                .with(config -> config.set(Keys.OUTGOING_BYTES_MAX, 8 << 20))
                .startAll();
    }

    @Test
    @Feature("C-04")
    void manyOfThemMakeRoomForEachOther() throws Exception {
        try (TestNodes nodes = node();
                RawHttp2 hostile = new RawHttp2(nodes.leaderAddress())) {
            for (int i = 0; i < 200; i++) {
                int stream = 2 * i + 1;
                hostile.begin(stream);
                hostile.piece(stream, FRAME_BYTES, true);
            }
            Set<Integer> ended = new TreeSet<>();
            while (ended.size() < 136) {
                ended.add(hostile.told("this one has taken longest"));
            }
            assertThat(ended).as("the oldest").contains(1, 3, 5).doesNotContain(399);
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                assertThat(client.call(client.put("k", "1")).hasError()).isFalse();
            }
        }
    }

    @Test
    @Feature("C-04")
    void oneThatIsNoHelloIsToldSoBeforeItHasArrived() throws Exception {
        try (TestNodes nodes = node();
                RawHttp2 hostile = new RawHttp2(nodes.leaderAddress())) {
            hostile.begin(1);
            for (int i = 0; i < 5; i++) {
                hostile.piece(1, FRAME_BYTES, i == 0);
            }
            assertThat(hostile.told("the first frame has more than 65536 bytes"))
                    .isEqualTo(1);
        }
    }
}
