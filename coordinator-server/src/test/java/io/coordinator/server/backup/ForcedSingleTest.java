package io.coordinator.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.server.StartupException;
import io.coordinator.server.data.UnfinishedRestore;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A survivor that is forced to go on alone, and the process that does it is killed. */
@Feature("B-34")
class ForcedSingleTest {

    @Test
    void whatAnInterruptedAttemptLeavesIsRefusedWithTheWayOnAndIsBegunAgain(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory.resolve("nodes"), 1).startAll()) {
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                client.call(client.put("k", "1"));
            }
            nodes.kill("n1");
            Path data = nodes.data("n1");
            Path finished = directory.resolve("finished");
            copy(data, finished);
            NewCluster other = force(nodes, finished);

            Path log = only(data.resolve("raft"));
            Path aside = data.resolve("before").resolve(log.getFileName());
            Files.createDirectory(aside.getParent());
            Files.move(log, aside);
            refused(nodes);
            copy(
                    finished.resolve("raft").resolve(other.group()),
                    data.resolve("raft").resolve(other.group()));
            refused(nodes);

            NewCluster made = force(nodes, data);
            assertThat(only(data.resolve("raft"))).hasFileName(made.group());
            assertThat(only(data.resolve("before"))).isEqualTo(aside);
            nodes.start("n1");
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                assertThat(client.read("k")).isEqualTo("1");
                assertThat(client.status().getClusterId()).isEqualTo(made.clusterId());
            }
        }
    }

    @Test
    void aPartOfABackupIsNoSurvivor(@TempDir Path directory) throws Exception {
        UnfinishedRestore.begin(directory);
        assertThatThrownBy(() -> ForcedSingle.open(directory).close())
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("interrupted 'coordinator snapshot restore'");
    }

    private static NewCluster force(TestNodes nodes, Path data) throws Exception {
        try (ForcedSingle survivor = ForcedSingle.open(data)) {
            return survivor.run(nodes.config("n1").self(), "test", "a test", 1, others -> {});
        }
    }

    private static void refused(TestNodes nodes) {
        assertThatThrownBy(() -> nodes.start("n1"))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("'coordinator data force-single' was interrupted. Run it again");
    }

    private static Path only(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> all = entries.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(from)) {
            files = tree.sorted(Comparator.naturalOrder()).toList();
        }
        for (Path file : files) {
            Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
    }
}
