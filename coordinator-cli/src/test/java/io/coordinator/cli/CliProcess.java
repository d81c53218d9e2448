package io.coordinator.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command line as a process of its own, from this test's class path, with files of its own. */
public final class CliProcess {
    private CliProcess() {}

    /**
     * Starts it; its files for a moment go to the directory. With endpoints in its environment it has a minute to reach
     * them.
     */
    static Process start(Path temporary, Map<String, String> environment, String... arguments) throws IOException {
        // A shell without job control starts background jobs with INT ignored, and so would this be, if it ran these
        // tests.
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        if (environment.containsKey("COORD_ENDPOINTS")) {
            // It begins with a cold JVM, for which a busy machine may take more than the usual ten seconds.
            command.add(command.size() - arguments.length + 1, "--timeout=60s");
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return builder.redirectError(temporary.resolve("stderr").toFile())
                .redirectOutput(temporary.resolve("stdout").toFile())
                .start();
    }

    /** Waits for its end, and returns its exit code. */
    static int exitCode(Process process) throws InterruptedException {
        if (!process.waitFor(150, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the process did not end");
        }
        return process.exitValue();
    }

    static String out(Path temporary) throws IOException {
        return Files.readString(temporary.resolve("stdout"), UTF_8);
    }

    static String err(Path temporary) throws IOException {
        return Files.readString(temporary.resolve("stderr"), UTF_8);
    }

    public static void signal(String name, Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-s", name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }
}
