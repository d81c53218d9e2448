package io.coordinator.testing.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

/** Archives of the one class that {@link #main} loads, so that they are made in no time. */
class ClassArchiveTest {
    private static final String LIBRARY = jarOf(AssertionFailedError.class);
    private static final String THIS_FOLDER = jarOf(ClassArchiveTest.class);
    private static final String MAIN_FOLDER = jarOf(JavaProcess.class);
    private static final String CLASS_PATH = String.join(File.pathSeparator, THIS_FOLDER, LIBRARY, MAIN_FOLDER);

    private final Path directory;
    private final ClassArchive archive;

    ClassArchiveTest(@TempDir Path directory) {
        this.directory = directory;
        this.archive = new ClassArchive(CLASS_PATH, directory, List.of(ClassArchiveTest.class.getName()));
    }

    /** What is started: says where a class of a library came from, for those who listen. */
    public static void main(String[] arguments) {
        System.out.println(new AssertionFailedError("loaded").getMessage());
        System.exit(0);
    }

    private static String jarOf(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .toString();
    }

    @Test
    void classesOfLibrariesComeFromTheArchiveAndOthersDoNot() throws Exception {
        archive.make();
        ClassArchive.Use use = archive.use(List.of());
        assertThat(use.classPath()).isEqualTo(String.join(File.pathSeparator, LIBRARY, THIS_FOLDER, MAIN_FOLDER));
        assertThat(start(use, "-Xlog:class+load=info"))
                .anyMatch(line -> line.matches(".*org.opentest4j.AssertionFailedError source: shared objects file.*"))
                .anyMatch(line -> line.matches(".*ClassArchiveTest source: file:.*"));
    }

    @Test
    void aJvmThatCannotUseItSaysNothingAndStarts() throws Exception {
        archive.make();
        ClassArchive.Use use = archive.use(List.of());
        assertThat(start(new ClassArchive.Use(use.flags(), CLASS_PATH))).containsExactly("loaded");
    }

    @Test
    void withoutAnArchiveAndWithClassesThatComeFirstEverythingStaysAsItWas() throws Exception {
        assertThat(archive.use(List.of())).isEqualTo(new ClassArchive.Use(List.of(), CLASS_PATH));
        archive.make();
        Path first = directory.resolve("first");
        assertThat(archive.use(List.of(first)))
                .isEqualTo(new ClassArchive.Use(List.of(), first + File.pathSeparator + CLASS_PATH));
    }

    @Test
    void jarsOfSnapshotsChangeAndAreNotInIt() throws Exception {
        Path snapshot = Files.copy(Path.of(LIBRARY), directory.resolve("a-1.0-SNAPSHOT.jar"));
        ClassArchive other = new ClassArchive(
                snapshot + File.pathSeparator + CLASS_PATH, directory, List.of(ClassArchiveTest.class.getName()));
        archive.make();
        assertThat(other.use(List.of()).classPath())
                .isEqualTo(String.join(File.pathSeparator, LIBRARY, snapshot.toString(), THIS_FOLDER, MAIN_FOLDER));
    }

    @Test
    void aRehearsalThatFailsLeavesNoArchive() throws Exception {
        ClassArchive failing = new ClassArchive(CLASS_PATH, directory, List.of("no.such.Class"));
        assertThatThrownBy(failing::make).isInstanceOf(IOException.class).hasMessageContaining("output");
        assertThat(failing.use(List.of()).flags()).isEmpty();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactlyInAnyOrder("lock", "output");
        }
    }

    private List<String> start(ClassArchive.Use use, String... more) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(use.flags());
        command.addAll(List.of(more));
        command.addAll(List.of("-cp", use.classPath(), ClassArchiveTest.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }
}
