package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files of main code stay so short that each holds one thought. */
class SourceFilesTest {
    private static final Path CHECKOUT = Path.of("..");
    private static final int LINES_MAX = 350;

    /** So many at least there are; less would mean that this test looks in the wrong place. */
    private static final int FILES_MIN = 800;

    /** Those that may be longer, and why. */
    private static final Map<String, String> LONGER = Map.of(
            "ClientConfig.java",
            "one list of settings in public: each with its default, its bounds and what it does, and nothing else",
            "Keys.java",
            "one list of settings: each with its default, its bounds and what it does, and nothing else",
            "EventHub.java",
            "watchers and the rings of every kind of data move together, under one lock and in one order");

    /** Simple names that more than one file may have, and why; each means the same in all of them. */
    private static final Map<String, String> SHARED = Map.ofEntries(
            Map.entry("Builds.java", "a data type has one name: in the core and in the client"),
            Map.entry("Cache.java", "a data type has one name: in the core and in the client"),
            Map.entry("Document.java", "a data type has one name: in the core and in the client"),
            Map.entry("Documents.java", "a data type has one name: in the core and in the client"),
            Map.entry("JobQueues.java", "a data type has one name: in the core and in the client"),
            Map.entry("Locks.java", "a data type has one name: in the core and in the client"),
            Map.entry("Topics.java", "a data type has one name: in the core and in the client"),
            Map.entry("Session.java", "a session has one name: in the core and in the client"),
            Map.entry("Main.java", "where a process starts"),
            Map.entry("FreePorts.java", "the same for modules that do not know each other"),
            Map.entry("Schedules.java", "a data type has one name: in the core and in the client"));

    @Test
    void noFileOfMainCodeIsLongerThanOneThought() throws IOException {
        List<String> tooLong = new ArrayList<>();
        List<Path> files = mainFiles();
        for (Path file : files) {
            long lines = lines(file);
            if (lines > LINES_MAX && !LONGER.containsKey(file.getFileName().toString())) {
                tooLong.add(file + ": " + lines + " lines; cut it into classes that each have one reason to change");
            }
        }
        assertThat(files).hasSizeGreaterThan(FILES_MIN);
        assertThat(tooLong).isEmpty();
    }

    @Test
    void oneNameMeansOneThing() throws IOException {
        Map<String, List<Path>> byName = mainFiles().stream()
                .filter(file -> !file.endsWith("package-info.java"))
                .collect(Collectors.groupingBy(file -> file.getFileName().toString()));
        byName.values().removeIf(files -> files.size() == 1);
        assertThat(byName.keySet())
                .as("names of several files; give each its own, or say here why they are the same thing")
                .isEqualTo(SHARED.keySet());
    }

    private static List<Path> mainFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> modules = Files.list(CHECKOUT)) {
            for (Path module : modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> below = Files.walk(module)) {
                    below.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
                }
            }
        }
        return files;
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
