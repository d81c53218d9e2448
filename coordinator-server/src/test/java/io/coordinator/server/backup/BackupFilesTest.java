package io.coordinator.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory of scheduled backups that others write into as well. */
@Feature("B-16")
class BackupFilesTest {
    private static final Instant NOW = Instant.parse("2030-01-10T00:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void theNewestAreKept() throws IOException {
        BackupFiles files = new BackupFiles(directory, "orders");
        List<Path> days = Stream.iterate(1, day -> day + 1)
                .limit(5)
                .map(day -> files.at(NOW.minus(Duration.ofDays(day)).toEpochMilli()))
                .toList();
        for (Path day : days) {
            Files.createFile(day);
        }
        files.prune(2, NOW);
        assertThat(left()).containsExactlyInAnyOrder(days.get(0), days.get(1));
        assertThat(files.newest(NOW)).contains(NOW.minus(Duration.ofDays(1)));
    }

    /** The name of the other begins like that of this one. */
    @Test
    void backupsOfAnotherClusterAndOtherFilesAreNotTouched() throws IOException {
        BackupFiles files = new BackupFiles(directory, "orders");
        Path other = new BackupFiles(directory, "orders-test")
                .at(NOW.minus(Duration.ofDays(9)).toEpochMilli());
        Path byHand = directory.resolve("orders-before-the-move.snapshot");
        Path own = files.at(NOW.toEpochMilli());
        for (Path file : List.of(other, byHand, own)) {
            Files.createFile(file);
        }
        files.prune(1, NOW);
        assertThat(left()).containsExactlyInAnyOrder(other, byHand, own);
        Files.delete(own);
        assertThat(files.newest(NOW)).isEmpty();
    }

    /** Else no backup was due until that day, and the one that is written all the same was deleted as the oldest. */
    @Test
    void aClockThatWasWrongForAWhileStopsNoBackups() throws IOException {
        BackupFiles files = new BackupFiles(directory, "orders");
        Path future = files.at(NOW.plus(Duration.ofDays(300)).toEpochMilli());
        Files.createFile(future);
        assertThat(files.newest(NOW)).isEmpty();
        Path written = files.at(NOW.toEpochMilli());
        Files.createFile(written);
        files.prune(1, NOW);
        assertThat(left()).containsExactly(written);
        assertThat(files.newest(NOW)).contains(NOW);
    }

    @Test
    void whatAKilledNodeLeftHalfWrittenIsDeletedAndWhatIsBeingWrittenIsNot() throws IOException {
        BackupFiles files = new BackupFiles(directory, "orders");
        Path abandoned = unfinished(files.at(NOW.toEpochMilli()), Duration.ofHours(2));
        Path atWork = unfinished(files.at(NOW.toEpochMilli()), Duration.ofMinutes(1));
        Path others = unfinished(new BackupFiles(directory, "orders-test").at(0), Duration.ofHours(2));
        files.prune(1, NOW);
        assertThat(left()).containsExactlyInAnyOrder(atWork, others).doesNotContain(abandoned);
    }

    private static Path unfinished(Path file, Duration age) throws IOException {
        Path part = Files.createTempFile(file.getParent(), file.getFileName() + ".", ".part");
        return Files.setLastModifiedTime(part, FileTime.from(NOW.minus(age)));
    }

    /** In containers both have the same process id. */
    @Test
    void twoWhoWriteTheSameBackupAtOnceLeaveAWholeOne() throws Exception {
        Path file = directory.resolve("orders.snapshot");
        byte[] one = whole("one".repeat(100));
        byte[] other = whole("another".repeat(100));
        try (BackupWriter first = BackupWriter.open(file, true);
                BackupWriter second = BackupWriter.open(file, true)) {
            first.write(one);
            second.write(other);
            first.commit();
            assertThat(file).hasBinaryContent(one);
            second.commit();
        }
        assertThat(file).hasBinaryContent(other);
        assertThat(left()).containsExactly(file);
    }

    private static byte[] whole(String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        MessageDigest digest = BackupFormat.digest();
        digest.update(content);
        return java.nio.ByteBuffer.allocate(content.length + BackupFormat.DIGEST_BYTES)
                .put(content)
                .put(digest.digest())
                .array();
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList();
        }
    }
}
