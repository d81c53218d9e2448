package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.data.UnfinishedRestore;
import io.coordinator.server.disk.Standing;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @Test
    @Feature("PM-PERS-10")
    void oneLiveNodeAtATime(@TempDir Path path) throws Exception {
        try (DataDirectory first = open(path, "c", "n1")) {
            assertThat(first).isNotNull();
            refused(ErrorCode.EPERSISTLOCKED, path, "c", "n1");
        }
        open(path, "c", "n1").close();
    }

    @Test
    void aDiskOfAnotherNodeOrClusterIsRefused(@TempDir Path path) throws Exception {
        open(path, "c", "n1").close();
        refused(ErrorCode.EMISMATCH, path, "c", "n2");
        refused(ErrorCode.EMISMATCH, path, "d", "n1");
        open(path, "c", "n1").close();
    }

    @Test
    void aNodeWhoseLogVanishedDoesNotStartEmpty(@TempDir Path path) throws Exception {
        try (DataDirectory directory = open(path, "c", "n1")) {
            Files.createDirectories(log(path).resolve("current"));
            directory.markStarted();
        }
        open(path, "c", "n1").close();
        Files.delete(log(path).resolve("current"));
        refused(ErrorCode.EMISMATCH, path, "c", "n1");
    }

    @Test
    void aLogWithoutAnIdentityIsNobodys(@TempDir Path path) throws Exception {
        Files.createDirectories(log(path));
        refused(ErrorCode.EMISMATCH, path, "c", "n1");
    }

    @Test
    @Feature("B-16")
    void whoIsLetIntoAnotherGroupForgetsTheOneInWhichItNeverTookPart(@TempDir Path path) throws Exception {
        try (DataDirectory directory = open(path, "c", "n1")) {
            Files.createDirectories(log(path).resolve("current"));
            directory.markStarted();
        }
        Path other = log(path).resolveSibling("other");
        Standing.fresh().asJoined(2, Optional.of(UUID.randomUUID()), "c1").write(path);
        try (DataDirectory directory = DataDirectory.open(path, "c", "n1", other, 0)) {
            assertThat(log(path)).doesNotExist();
            Files.createDirectories(other.resolve("current"));
            directory.markStarted();
        }
        Files.delete(other.resolve("current"));
        Files.delete(other);
        assertThatThrownBy(() -> DataDirectory.open(path, "c", "n1", other, 0).close())
                .hasMessageContaining("has vanished");
    }

    @Test
    @Feature("B-16")
    void aPartOfABackupIsRefusedUntilAllIsThere(@TempDir Path path) throws Exception {
        UnfinishedRestore.begin(path);
        refused(ErrorCode.EMISMATCH, path, "c", "n1");
        assertThatThrownBy(() -> open(path, "c", "n1").close()).hasMessageContaining("Run it again");
        UnfinishedRestore.end(path);
        open(path, "c", "n1").close();
    }

    @Test
    void aFullDiskIsRefused(@TempDir Path path) {
        assertThatThrownBy(() -> DataDirectory.open(path, "c", "n1", log(path), Long.MAX_VALUE))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("full")
                .hasMessageContaining("free-space-min-bytes");
    }

    @Test
    @Feature("DJ-OPS-1")
    void aFolderThatCannotBeWrittenIsRefused(@TempDir Path path) throws Exception {
        Path file = Files.createFile(path.resolve("file"));
        refused(ErrorCode.EBROKER, file.resolve("data"), "c", "n1");
        refused(ErrorCode.EBROKER, file, "c", "n1");
    }

    private static Path log(Path path) {
        return path.resolve("raft/group");
    }

    private static DataDirectory open(Path path, String cluster, String node) throws StartupException {
        return DataDirectory.open(path, cluster, node, log(path), 0);
    }

    private static void refused(ErrorCode code, Path path, String cluster, String node) {
        assertThatThrownBy(() -> open(path, cluster, node).close())
                .isInstanceOfSatisfying(
                        StartupException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
