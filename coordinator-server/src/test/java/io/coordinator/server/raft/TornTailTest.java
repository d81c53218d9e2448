package io.coordinator.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Works on the log that a real node wrote, so that a change of Ratis' format is noticed. */
@Feature({"PM-PERS-8", "R-4"})
class TornTailTest {

    @Test
    void anUnfinishedEntryIsCutAndTheNodeKeepsWhatItAcknowledged(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            Path segment = writeAndKill(nodes);
            byte[] bytes = Files.readAllBytes(segment);
            int end = TornTail.endOfValid(bytes);
            assertThat(end).isGreaterThan(100);
            // The first 50 bytes of an entry of 300 reached the disk.
            byte[] torn = Arrays.copyOf(bytes, Math.max(bytes.length, end + 4_096));
            torn[end] = (byte) 0xac;
            torn[end + 1] = 0x02;
            Arrays.fill(torn, end + 2, end + 50, (byte) 7);
            Files.write(segment, torn);

            nodes.start("n1");
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                assertThat(client.read("k")).isEqualTo("2");
            }
        }
    }

    @Test
    void aFlippedBitIsNotTakenForAnUnfinishedEntry(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            Path segment = writeAndKill(nodes);
            byte[] bytes = Files.readAllBytes(segment);
            int end = TornTail.endOfValid(bytes);
            bytes[end - 20] ^= 1;
            Files.write(segment, bytes);
            TornTail.cut(current(nodes), -1, -1);

            assertThat(Files.readAllBytes(segment)).isEqualTo(bytes);
        }
    }

    /** A length that is too large makes a whole entry look like one that goes on into the zeros. */
    @Test
    void aFlippedBitInTheLengthOfTheLastEntryIsNotTakenForAnUnfinishedEntry(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            Path segment = writeAndKill(nodes);
            byte[] whole = Files.readAllBytes(segment);
            int start = startOfLast(whole);
            for (int bit = 0; bit < 16; bit++) {
                byte[] bytes = whole.clone();
                bytes[start + bit / 8] ^= (byte) (1 << (bit % 8));
                Files.write(segment, bytes);
                TornTail.cut(current(nodes), -1, -1);
                assertThat(Files.readAllBytes(segment)).as("bit %d", bit).isEqualTo(bytes);
            }
        }
    }

    @Test
    void nothingIsCutThatIsKnownToHaveBeenCommitted(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            Path segment = writeAndKill(nodes);
            byte[] bytes = Files.readAllBytes(segment);
            int start = startOfLast(bytes);
            Arrays.fill(bytes, start + 10, bytes.length, (byte) 0);
            Files.write(segment, bytes);
            assertThatThrownBy(() -> TornTail.cut(current(nodes), 1_000, 999))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(segment.toString())
                    .hasMessageContaining("1000 was known to be committed");
            assertThat(Files.readAllBytes(segment)).isEqualTo(bytes);
            TornTail.cut(current(nodes), 1_000, 1_000);
            assertThat(Files.size(segment)).as("a snapshot has it").isEqualTo(start);
        }
    }

    private static int startOfLast(byte[] bytes) {
        int end = TornTail.endOfValid(bytes);
        byte[] shorter = bytes.clone();
        shorter[end - 1] ^= 1;
        return TornTail.endOfValid(shorter);
    }

    /** Returns the open segment of the log of a node that was killed after two writes. */
    private static Path writeAndKill(TestNodes nodes) throws IOException {
        try (RawClient client = RawClient.open(nodes.leaderAddress())) {
            client.call(client.put("k", "1"));
            client.call(client.put("k", "2"));
        }
        nodes.kill("n1");
        try (Stream<Path> files = Files.list(current(nodes))) {
            return files.filter(f -> f.getFileName().toString().startsWith("log_inprogress"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Path current(TestNodes nodes) {
        return LogDirectories.group(nodes.data("n1"), "coordinator").resolve("current");
    }
}
