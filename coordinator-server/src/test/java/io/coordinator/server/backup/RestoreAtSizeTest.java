package io.coordinator.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.BackupFile;
import io.coordinator.protocol.BackupHeader;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.server.config.ClusterMember;
import io.coordinator.server.snapshot.Checkpoint;
import io.coordinator.server.snapshot.CheckpointReader;
import io.coordinator.server.snapshot.SnapshotStore;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long a restore takes, and how much heap. */
@Tag("soak")
@Feature("B-16")
class RestoreAtSizeTest {
    private static final int KEYS = 1_000_000;
    private static final int BATCH = 1_000;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void aMillionKeysAreRestoredInHalfAMinute(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("a.snapshot");
        save(directory.resolve("old"), file);
        long begun = System.nanoTime();
        NewCluster made = Restoring.run(
                BackupReader.open(file),
                directory.resolve("new"),
                "coordinator",
                ClusterMember.parseList("n1=127.0.0.1:7401/127.0.0.1:7400").get(0),
                "test",
                "test",
                1);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        Runtime runtime = Runtime.getRuntime();
        System.out.println(KEYS + " keys, " + Files.size(file) + " bytes restored in " + took.toMillis() + " ms; "
                + ((runtime.totalMemory() - runtime.freeMemory()) >> 20) + " MiB of heap in use at the end");
        assertThat(made.revisionBefore()).isEqualTo(KEYS);
        assertThat(took).isLessThan(Duration.ofSeconds(30));
    }

    private static void save(Path data, Path file) throws Exception {
        Files.createDirectories(data);
        try (SnapshotStore store = new SnapshotStore(data, data.resolve("sm"), Limits.DEFAULT)) {
            Coordinator core = store.recover().core();
            fill(core);
            Checkpoint checkpoint = store.write(3, core.capture());
            BackupHeader.Builder header = BackupHeader.newBuilder()
                    .setFormat(BackupFormat.VERSION)
                    .setCluster("coordinator")
                    .setGroup("of before")
                    .setSnapshot(CheckpointReader.header(checkpoint.directory()));
            List<Path> files = checkpoint.files();
            for (Path each : files) {
                header.addFiles(BackupFile.newBuilder()
                        .setName(each.getFileName().toString())
                        .setBytes(Files.size(each)));
            }
            try (Backup backup = new Backup(header.build(), files, () -> {});
                    BackupWriter writer = BackupWriter.open(file, false)) {
                byte[] bytes = backup.next(1 << 16);
                while (bytes.length > 0) {
                    writer.write(bytes);
                    bytes = backup.next(1 << 16);
                }
                writer.commit();
            }
        }
    }

    private static void fill(Coordinator core) {
        Command open = Command.newBuilder()
                .setSession(SessionCommand.newBuilder()
                        .setOpen(OpenSession.newBuilder()
                                .setResumeToken(ByteString.copyFrom(new byte[16]))
                                .setLeaseMillis(10_000)))
                .build();
        core.apply(1, Entry.newBuilder().addCommands(open).build());
        for (int from = 0; from < KEYS; from += BATCH) {
            Entry.Builder entry = Entry.newBuilder();
            for (int key = from; key < from + BATCH; key++) {
                entry.addCommands(Command.newBuilder()
                        .setSessionId(1)
                        .setSeq(key + 1L)
                        .setAckedSeq(key)
                        .setCache(CacheCommand.newBuilder()
                                .setNamespace("default")
                                .setKey("key/" + key)
                                .setPut(PutValue.newBuilder()
                                        .setValue(ByteString.copyFromUtf8(
                                                "\"a value of a hundred bytes " + "x".repeat(70) + key + "\"")))));
            }
            core.apply(core.index() + 1, entry.build());
        }
    }
}
