package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.state.Coordinator;
import io.coordinator.testing.process.Launch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** An earlier state of this repository, built from its history. */
record EarlierBuild(String commit, List<Path> classes) {
    private static final String CORE = "state-machine/src/main/java/io/coordinator/state/Coordinator.java";

    /**
     * The commit before the core got its present version.
     *
     * @param root of the repository
     */
    static String beforeThisVersion(Path root) throws IOException, InterruptedException {
        List<String> raised = run(
                        root,
                        List.of(
                                "git",
                                "log",
                                "--format=%H",
                                "-S",
                                "public static final int VERSION = " + Coordinator.VERSION + ";",
                                "--",
                                CORE))
                .lines()
                .toList();
        assertThat(raised).as("commits that raised the version").isNotEmpty();
        return run(root, List.of("git", "rev-parse", raised.get(raised.size() - 1) + "^"))
                .strip();
    }

    /**
     * Builds the server of a commit, from what is on this machine.
     *
     * @param directory for sources and classes
     */
    static EarlierBuild of(Path root, String commit, Path directory) throws IOException, InterruptedException {
        Path archive = directory.resolve("earlier.tar");
        run(root, List.of("git", "archive", "-o", archive.toString(), commit));
        run(directory, List.of("tar", "xf", archive.toString()));
        List<String> build = new ArrayList<>(
                List.of("mvn", "-o", "-B", "-q", "-ntp", "compile", "-pl", "coordinator-server", "-am"));
        String repository = System.getProperty("localRepository");
        if (repository != null) {
            build.add("-Dmaven.repo.local=" + repository);
        }
        run(directory, build);
        try (Stream<Path> modules = Files.list(directory)) {
            List<Path> classes = modules.map(module -> module.resolve("target/classes"))
                    .filter(Files::isDirectory)
                    .toList();
            assertThat(classes).hasSizeGreaterThan(3);
            return new EarlierBuild(commit, classes);
        }
    }

    /** As another launch, with the classes of this build in place of those of the same names. */
    Launch launch(Launch other) {
        return new Launch(classes, other.jvmFlags(), other.wrapper(), other.environment());
    }

    private static String run(Path directory, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
        return output;
    }
}
