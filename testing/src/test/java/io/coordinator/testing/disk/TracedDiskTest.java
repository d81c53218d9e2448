package io.coordinator.testing.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that kept nothing but what was synced: what the tests of durability measure by must not be kinder than that. */
class TracedDiskTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final List<String> lines = new ArrayList<>();
    private int seconds = 100;

    @Test
    void whatIsSyncedWithItsNameIsThere() throws IOException {
        create("log", 4);
        write("log", 4, "hello");
        fsync("log", 4);
        fsync("", 5);
        assertThat(durableAt()).hasValue(micros(seconds));
        assertThat(restored("log")).hasContent("hello");
    }

    @Test
    void bytesThatWereNotSyncedAreLost() throws IOException {
        create("log", 4);
        write("log", 4, "first ");
        fsync("log", 4);
        fsync("", 5);
        write("log", 4, "hello");
        assertThat(durableAt()).isEmpty();
        assertThat(restored("log")).hasContent("first ");
    }

    @Test
    void aNameThatWasNotSyncedIsLost() throws IOException {
        create("log", 4);
        write("log", 4, "hello");
        fsync("log", 4);
        assertThat(durableAt()).isEmpty();
        assertThat(restored("log")).doesNotExist();
    }

    @Test
    void aRenameThatWasNotSyncedIsUndone() throws IOException {
        create("vote", 4);
        write("vote", 4, "old");
        fsync("vote", 4);
        fsync("", 5);
        create("vote.tmp", 6);
        write("vote.tmp", 6, "hello");
        fsync("vote.tmp", 6);
        add("rename(%s, %s) = 0", quoted("vote.tmp"), quoted("vote"));
        assertThat(durableAt()).isEmpty();
        assertThat(restored("vote")).hasContent("old");
    }

    @Test
    void aFileUnderTheNameThatItHadWhileItWasMadeIsNotFound() throws IOException {
        create("vote.tmp", 6);
        write("vote.tmp", 6, "hello");
        fsync("vote.tmp", 6);
        fsync("", 5);
        add("rename(%s, %s) = 0", quoted("vote.tmp"), quoted("vote"));
        assertThat(durableAt()).isEmpty();
        fsync("", 5);
        assertThat(durableAt()).hasValue(micros(seconds));
    }

    @Test
    void everyDirectoryAboveCounts() throws IOException {
        add("mkdir(%s, 0777) = 0", quoted("raft"));
        create("raft/log", 4);
        write("raft/log", 4, "hello");
        fsync("raft/log", 4);
        fsync("raft", 7);
        assertThat(durableAt()).isEmpty();
        fsync("", 5);
        assertThat(durableAt()).hasValue(micros(seconds));
    }

    @Test
    void aSyncThatBeganBeforeTheWriteEndedCoversNothingOfIt() throws IOException {
        create("log", 4);
        fsync("", 5);
        lines.add("200.000000 write(%s, \"%s\", 5) = 5 <0.500000>".formatted(file("log", 4), hex("hello")));
        lines.add("200.400000 fsync(%s) = 0 <0.900000>".formatted(file("log", 4)));
        assertThat(durableAt()).isEmpty();
    }

    @Test
    void aSyncThatFailedOrNeverEndedSyncsNothing() throws IOException {
        create("log", 4);
        fsync("", 5);
        write("log", 4, "hello");
        add("fsync(%s) = -1 EIO (Input/output error)", file("log", 4));
        add("fsync(%s) = ?", file("log", 4));
        assertThat(durableAt()).isEmpty();
    }

    @Test
    void aCopyIsNoMoreSyncedThanAnyOtherWrite() throws IOException {
        create("log", 4);
        write("log", 4, "hello");
        fsync("log", 4);
        create("copy", 6);
        fsync("", 5);
        create("log", 8);
        add("sendfile(%s, %s, NULL, 2147479552) = 5", file("copy", 6), file("log", 8));
        assertThat(restored("copy")).isEmptyFile();
        fsync("copy", 6);
        assertThat(restored("copy")).hasContent("hello");
    }

    @Test
    void aDiskThatLiesHasWhatItHadBefore() throws IOException {
        create("log", 4);
        write("log", 4, "first ");
        fsync("log", 4);
        fsync("", 5);
        long micros = micros(seconds);
        write("log", 4, "hello");
        fsync("log", 4);
        TracedDisk.asOf(trace(), micros).restore();
        assertThat(data().resolve("log")).hasContent("first ");
    }

    private void create(String name, int descriptor) {
        add("openat(AT_FDCWD, %s, O_RDWR|O_CREAT, 0666) = %s", quoted(name), file(name, descriptor));
    }

    private void write(String name, int descriptor, String text) {
        add("write(%s, \"%s\", %d) = %d", file(name, descriptor), hex(text), text.length(), text.length());
    }

    private void fsync(String name, int descriptor) {
        if (lines.stream().noneMatch(line -> line.contains("openat") && line.endsWith(file(name, descriptor)))) {
            add("openat(AT_FDCWD, %s, O_RDONLY) = %s", quoted(name), file(name, descriptor));
        }
        add("fsync(%s) = 0", file(name, descriptor));
    }

    /** A call that takes no time, one second after the one before. */
    private void add(String format, Object... arguments) {
        seconds++;
        lines.add(seconds + ".000000 " + String.format(Locale.ROOT, format, arguments));
    }

    private static long micros(int seconds) {
        return seconds * 1_000_000L;
    }

    private Path data() {
        return directory.resolve("data");
    }

    private String path(String name) {
        return name.isEmpty() ? data().toString() : data().resolve(name).toString();
    }

    private String quoted(String name) {
        return '"' + hex(path(name)) + '"';
    }

    private String file(String name, int descriptor) {
        return descriptor + "<" + hex(path(name)) + ">";
    }

    private static String hex(String text) {
        return text.chars()
                .mapToObj(c -> String.format(Locale.ROOT, "\\x%02x", c))
                .collect(Collectors.joining());
    }

    private Trace trace() throws IOException {
        List<String> all = new ArrayList<>(lines);
        all.add("999.000000 +++ killed by SIGKILL +++");
        Files.write(directory.resolve("trace.1"), all);
        return Trace.read(directory.resolve("trace"), data());
    }

    private OptionalLong durableAt() throws IOException {
        return TracedDisk.of(trace()).durableAtMicros(HELLO);
    }

    private Path restored(String name) throws IOException {
        TracedDisk.of(trace()).restore();
        return data().resolve(name);
    }
}
