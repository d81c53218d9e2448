package io.coordinator.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AdvanceVersion;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DeleteValue;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SnapshotHeader;
import io.coordinator.server.config.Release;
import io.coordinator.server.disk.Directories;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import io.coordinator.state.NewerVersionException;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.WriteBatch;

class SnapshotStoreTest {
    private static final long TERM = 3;

    private Path data = Path.of("");
    private Path published = Path.of("");
    private Coordinator core = new Coordinator(Limits.DEFAULT);
    private long index;
    private long seq;

    @BeforeEach
    void prepare(@TempDir Path directory) {
        data = directory.resolve("data");
        published = directory.resolve("data/sm");
    }

    @Test
    void aNewNodeStartsEmpty() throws Exception {
        try (SnapshotStore store = store()) {
            SnapshotStore.Recovered recovered = store.recover();
            assertThat(recovered.from()).isEmpty();
            assertThat(recovered.core().index()).isZero();
            assertThat(store.latest()).isEmpty();
            assertThat(store.purgeableIndex()).isEmpty();
        }
    }

    @Test
    @Feature("PM-PERS-8")
    void snapshotsAreIncrementalAndComeBackWhole() throws Exception {
        writeThree();
        assertRecovers(core.digest(), index);
    }

    @Test
    void theLogIsNeededBeyondTheOlderOfTwo() throws Exception {
        try (SnapshotStore store = store()) {
            store.recover();
            open();
            put("a", 100);
            long first = snapshot(store);
            assertThat(store.purgeableIndex()).isEmpty();
            put("b", 100);
            snapshot(store);
            assertThat(store.purgeableIndex()).hasValue(first);
        }
    }

    @Test
    @Feature("PM-PERS-9")
    void aDamagedSnapshotIsMovedAsideAndTheOlderOneUsed() throws Exception {
        long older = writeThree();
        damage(newest());
        try (SnapshotStore store = store()) {
            SnapshotStore.Recovered recovered = store.recover();
            assertThat(recovered.core().index()).isEqualTo(older);
            assertThat(recovered.from().orElseThrow().index()).isEqualTo(older);
            assertThat(store.latest().orElseThrow().index()).isEqualTo(older);
            assertThat(data.resolve("damaged")).isDirectoryContaining("glob:**" + TERM + "_" + index);
        }
    }

    /** Also beside an older one that could be used: the log behind that leads into the same newer entries. */
    @Test
    @Feature("B-29")
    void aSnapshotOfANewerVersionIsLeftAlone() throws Exception {
        writeThree();
        apply(Command.newBuilder()
                .setSession(SessionCommand.newBuilder()
                        .setAdvanceVersion(AdvanceVersion.newBuilder().setVersion(Coordinator.VERSION)))
                .build());
        try (SnapshotStore store = store()) {
            store.recover();
            snapshot(store);
        }
        Map<Path, Integer> before = contents();
        try (SnapshotStore store =
                new SnapshotStore(data, published, Limits.DEFAULT.withVersionMax(Coordinator.VERSION - 1))) {
            assertThatThrownBy(store::recover)
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining(newest().toString())
                    .hasMessageContaining("core version " + Coordinator.VERSION)
                    .hasMessageContaining("release " + Release.VERSION)
                    .cause()
                    .isInstanceOf(NewerVersionException.class);
        }
        assertThat(contents()).isEqualTo(before);
        assertRecovers(core.digest(), index);
    }

    private Map<Path, Integer> contents() throws IOException {
        Map<Path, Integer> contents = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(data)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                contents.put(file, Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    @Test
    @Feature("B-29")
    void aSnapshotOfANewerFormatIsLeftAlone() throws Exception {
        writeThree();
        SnapshotHeader header;
        try (LiveDatabase database = LiveDatabase.openReadOnly(newest())) {
            header = database.header();
        }
        try (LiveDatabase database = LiveDatabase.open(newest());
                WriteBatch newer = new WriteBatch()) {
            newer.put(
                    CaptureEncoder.HEADER_KEY,
                    header.toBuilder()
                            .setFormat(SnapshotStore.FORMAT + 1)
                            .build()
                            .toByteArray());
            database.write(newer.data());
            database.checkpoint(data.resolve("changed"));
        }
        Directories.delete(newest());
        Files.move(data.resolve("changed"), newest());
        Map<Path, Integer> before = contents();
        try (SnapshotStore store = store()) {
            assertThatThrownBy(store::recover)
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining("it has format " + (SnapshotStore.FORMAT + 1))
                    .hasMessageContaining("install release " + Release.VERSION);
        }
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void aMissingFileIsDamageToo() throws Exception {
        long older = writeThree();
        try (Stream<Path> files = Files.list(newest())) {
            Files.delete(
                    files.filter(f -> f.toString().endsWith(".sst")).findFirst().orElseThrow());
        }
        try (SnapshotStore store = store()) {
            assertThat(store.recover().core().index()).isEqualTo(older);
        }
    }

    @Test
    void withoutAnyUsableSnapshotTheNodeRefusesToStartAndSaysHowToRejoin() throws Exception {
        writeThree();
        try (Stream<Path> all = Files.list(published)) {
            for (Path directory : all.toList()) {
                damage(directory);
            }
        }
        try (SnapshotStore store = store()) {
            assertThatThrownBy(store::recover)
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining("rejoin");
        }
    }

    @Test
    @Feature("S-76")
    void aCrashInTheMiddleOfWritingLeavesTheLastSnapshot() throws Exception {
        writeThree();
        long digest = core.digest();
        long at = index;
        // What a crash leaves behind: a half-written scratch database and an unpublished checkpoint.
        Files.createDirectories(data.resolve("checkpoint.tmp"));
        Files.writeString(data.resolve("checkpoint.tmp/CURRENT"), "half");
        try (Stream<Path> files = Files.list(data.resolve("db"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".sst")).toList()) {
                Files.delete(file);
            }
        }
        assertRecovers(digest, at);
        assertThat(data.resolve("checkpoint.tmp")).doesNotExist();
    }

    @Test
    void afterAFailureTheNextSnapshotIncludesWhatTheFailedOneMissed() throws Exception {
        try (SnapshotStore store = store()) {
            store.recover();
            open();
            put("a", 100);
            snapshot(store);
            put("b", 100);
            Path blocked = data.resolve("checkpoint.tmp");
            Files.createDirectories(published.getParent());
            Files.move(published, data.resolve("gone"));
            assertThatThrownBy(() -> snapshot(store)).isInstanceOf(SnapshotException.class);
            Files.move(data.resolve("gone"), published);
            put("c", 100);
            snapshot(store);
            assertThat(blocked).doesNotExist();
        }
        assertRecovers(core.digest(), index);
    }

    @Test
    @Feature("S-76")
    void aReplacedSnapshotLingersForThoseWhoAreReadingItAndIsDeletedThen() throws Exception {
        AtomicLong now = new AtomicLong();
        Retention retention = new Retention(now::get, Directories::delete);
        try (SnapshotStore store = new SnapshotStore(data, published, Limits.DEFAULT, retention, Directories::force)) {
            store.recover();
            open();
            for (int i = 0; i < 4; i++) {
                put("k" + i, 10);
                snapshot(store);
            }
            now.addAndGet(Retention.LINGER_NANOS - 1);
            put("k4", 10);
            snapshot(store);
            assertThat(Checkpoint.list(published))
                    .as("two are kept, and all others linger")
                    .hasSize(5);

            now.addAndGet(1);
            put("k5", 10);
            snapshot(store);
            assertThat(Checkpoint.list(published))
                    .as("those replaced since then linger")
                    .hasSize(4);

            now.addAndGet(Retention.LINGER_NANOS);
            put("k6", 10);
            snapshot(store);
            assertThat(Checkpoint.list(published)).hasSize(3);
        }
        assertRecovers(core.digest(), index);
    }

    /** A kill cannot show that something was not forced to the disk: the files are there all the same. */
    @Test
    @Feature("PM-PERS-8")
    void aSnapshotIsForcedToTheDiskBeforeItIsPublished() throws Exception {
        List<Integer> publishedAtForce = new ArrayList<>();
        DirectoryAction force = directory -> {
            Directories.force(directory);
            publishedAtForce.add(Checkpoint.list(published).size());
        };
        Retention retention = new Retention(System::nanoTime, Directories::delete);
        try (SnapshotStore store = new SnapshotStore(data, published, Limits.DEFAULT, retention, force)) {
            store.recover();
            open();
            put("a", 10);
            snapshot(store);
            put("b", 10);
            snapshot(store);
        }
        assertThat(publishedAtForce).containsExactly(0, 1);
    }

    /** The leader sent it, and it was renamed as it was. */
    @Test
    @Feature("PM-PERS-8")
    void aSnapshotIsForcedToTheDiskBeforeItIsUsed() throws Exception {
        writeThree();
        List<Path> forced = new ArrayList<>();
        Retention retention = new Retention(System::nanoTime, Directories::delete);
        try (SnapshotStore store =
                new SnapshotStore(data, published, Limits.DEFAULT, retention, directory -> forced.add(directory))) {
            assertThat(store.recover().core().index()).isEqualTo(index);
        }
        assertThat(forced).containsExactly(newest());
    }

    @Test
    @Feature("PM-PERS-9")
    void aSnapshotUnderAnothersNameIsNotLoaded() throws Exception {
        long older = writeThree();
        Files.move(newest(), published.resolve(TERM + "_" + (index + 1)));
        try (SnapshotStore store = store()) {
            assertThat(store.recover().core().index()).isEqualTo(older);
        }
    }

    @Test
    @Feature("S-76")
    void anOldSnapshotThatCannotBeDeletedCostsNoLaterOneAndIsTriedAgain() throws Exception {
        AtomicLong now = new AtomicLong();
        Set<Path> stuck = new HashSet<>();
        Retention retention = new Retention(now::get, directory -> {
            if (stuck.contains(directory)) {
                throw new IOException("Device or resource busy");
            }
            Directories.delete(directory);
        });
        try (SnapshotStore store = new SnapshotStore(data, published, Limits.DEFAULT, retention, Directories::force)) {
            store.recover();
            open();
            put("a", 100);
            Path oldest = published.resolve(TERM + "_" + snapshot(store)).toAbsolutePath();
            stuck.add(oldest);
            put("b", 100);
            long second = snapshot(store);
            put("c", 100);
            long third = snapshot(store);
            now.addAndGet(Retention.LINGER_NANOS);
            put("d", 100);
            long fourth = snapshot(store);
            assertThat(oldest).isDirectory();
            assertThat(store.latest().orElseThrow().index()).isEqualTo(fourth);
            assertThat(store.purgeableIndex()).hasValue(third).isNotEqualTo(second);
            put("e", 100);
            long fifth = snapshot(store);
            assertThat(store.purgeableIndex()).hasValue(fourth);
            stuck.clear();
            put("f", 100);
            snapshot(store);
            assertThat(store.purgeableIndex()).hasValue(fifth);
            assertThat(oldest).doesNotExist();
        }
        assertRecovers(core.digest(), index);
    }

    @Test
    @Feature("PM-PERS-9")
    void aSnapshotThatDoesNotReadBackDoesNotCountAndTheNextOneIsWhole() throws Exception {
        AtomicBoolean losing = new AtomicBoolean();
        DirectoryAction force = directory -> {
            Directories.force(directory);
            if (losing.get()) {
                damageFile(newestTable(directory));
            }
        };
        Retention retention = new Retention(System::nanoTime, Directories::delete);
        try (SnapshotStore store = new SnapshotStore(data, published, Limits.DEFAULT, retention, force)) {
            store.recover();
            open();
            put("a", 100);
            long first = snapshot(store);
            put("b", 100);
            long second = snapshot(store);
            put("c", 100);
            losing.set(true);
            assertThatThrownBy(() -> snapshot(store)).isInstanceOf(SnapshotException.class);
            assertThat(store.latest().orElseThrow().index()).isEqualTo(second);
            assertThat(store.purgeableIndex()).hasValue(first);
            assertThat(newest()).doesNotExist();
            losing.set(false);
            put("d", 100);
            snapshot(store);
            assertThat(store.purgeableIndex()).hasValue(second);
        }
        assertRecovers(core.digest(), index);
    }

    private static Path newestTable(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".sst"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private SnapshotStore store() {
        return new SnapshotStore(data, published, Limits.DEFAULT);
    }

    /** Three snapshots with changes and deletions in between; returns the index of the second. */
    private long writeThree() throws Exception {
        try (SnapshotStore store = store()) {
            store.recover();
            open();
            for (int i = 0; i < 500; i++) {
                put("key-" + i, 200);
            }
            snapshot(store);
            for (int i = 0; i < 100; i++) {
                put("key-" + i, 300);
                delete("key-" + (200 + i));
            }
            long second = snapshot(store);
            put("last", 10);
            snapshot(store);
            return second;
        }
    }

    private long snapshot(SnapshotStore store) throws SnapshotException {
        store.write(TERM, core.capture());
        return index;
    }

    private void assertRecovers(long digest, long atIndex) throws Exception {
        try (SnapshotStore store = store()) {
            SnapshotStore.Recovered recovered = store.recover();
            assertThat(recovered.core().digest()).isEqualTo(digest);
            assertThat(recovered.core().index()).isEqualTo(atIndex);
            assertThat(recovered.from().orElseThrow().term()).isEqualTo(TERM);
        }
    }

    private Path newest() {
        return published.resolve(TERM + "_" + index);
    }

    /** Flips bits in the middle of the largest file. */
    private static void damage(Path checkpoint) throws IOException {
        Path largest;
        try (Stream<Path> files = Files.list(checkpoint)) {
            largest = files.filter(f -> f.toString().endsWith(".sst"))
                    .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
                    .orElseThrow();
        }
        // The file may be a hard link that a healthy checkpoint shares.
        Path copy = checkpoint.resolve("copy");
        Files.copy(largest, copy);
        Files.delete(largest);
        Files.move(copy, largest);
        damageFile(largest);
    }

    private static void damageFile(Path table) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
            for (long at = 0; at < Math.min(file.length(), 4_000); at += 7) {
                file.seek(at);
                int old = file.read();
                file.seek(at);
                file.write(~old);
            }
        }
    }

    private void open() {
        apply(Command.newBuilder()
                .setSession(SessionCommand.newBuilder()
                        .setOpen(OpenSession.newBuilder()
                                .setResumeToken(ByteString.copyFrom(new byte[16]))
                                .setLeaseMillis(10_000)))
                .build());
    }

    private void put(String key, int bytes) {
        apply(next().setCache(CacheCommand.newBuilder()
                        .setNamespace("default")
                        .setKey(key)
                        .setPut(PutValue.newBuilder()
                                .setValue(ByteString.copyFromUtf8("\"" + "x".repeat(bytes) + "\""))))
                .build());
    }

    private void delete(String key) {
        apply(next().setCache(CacheCommand.newBuilder()
                        .setNamespace("default")
                        .setKey(key)
                        .setDelete(DeleteValue.getDefaultInstance()))
                .build());
    }

    private Command.Builder next() {
        seq++;
        return Command.newBuilder().setSessionId(1).setSeq(seq).setAckedSeq(seq - 1);
    }

    private void apply(Command command) {
        index++;
        core.apply(
                index,
                Entry.newBuilder()
                        .setClusterTimeMillis(index)
                        .addCommands(command)
                        .build());
    }
}
