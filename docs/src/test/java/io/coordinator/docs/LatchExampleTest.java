package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The worked example of docs/adding-a-data-type.md: a latch, as a patch to the sources as they are today. */
class LatchExampleTest {
    private static final Path PATCH = Project.ROOT.resolve("docs/examples/latch.patch");
    private static final Path PAGE = Project.ROOT.resolve("docs/adding-a-data-type.md");
    private static final Pattern FILE = Pattern.compile("(?m)^diff --git a/(\\S+) b/\\S+\\n(new file)?");

    @Test
    void itFitsTheSources() throws Exception {
        run(Project.ROOT, "git", "apply", "--check", "-C1", PATCH.toString());
    }

    /** What must be edited for a new type is what the page says, and no more. */
    @Test
    void itTouchesItsOwnFilesAndWhatThePageNames() throws IOException {
        String page = Files.readString(PAGE);
        List<String> own = new ArrayList<>();
        List<String> edited = new ArrayList<>();
        var files = FILE.matcher(Files.readString(PATCH));
        while (files.find()) {
            (files.group(2) == null ? edited : own)
                    .add(Path.of(files.group(1)).getFileName().toString());
        }
        assertThat(own)
                .hasSize(7)
                .allMatch(file -> file.toLowerCase(Locale.ROOT).contains("latch") || file.equals("package-info.java"));
        assertThat(edited).hasSize(9).allSatisfy(file -> assertThat(page).contains("`" + file + "`"));
    }

    @Test
    @Tag("soak")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void itKeepsTheContractOfDataTypes(@TempDir Path directory) throws Exception {
        for (Path file : Project.files(any -> true)) {
            Path copy = directory.resolve(Project.ROOT.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
        run(directory, "git", "apply", "-C1", PATCH.toString());
        run(
                directory,
                "mvn",
                "-o",
                "-B",
                "-q",
                "test",
                "-pl",
                "state-machine,coordinator-client",
                "-am",
                "-Dtest=DataTypeContractTest,TakenBackTest,WatchTest",
                "-Dsurefire.failIfNoSpecifiedTests=false");
    }

    private static void run(Path directory, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s: %s", Arrays.toString(command), output)
                .isZero();
    }
}
