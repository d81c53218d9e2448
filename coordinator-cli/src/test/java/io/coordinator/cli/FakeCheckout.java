package io.coordinator.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coordinator.server.jvm.JvmOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A folder that looks like a checkout to the launcher, JDKs that only say how they were called, and a Maven that
 * "builds" in no time. Nothing of the real machine is seen but the usual tools.
 */
final class FakeCheckout {
    private static final List<String> TOOLS = List.of(
            "bash",
            "sh",
            "env",
            "dirname",
            "basename",
            "readlink",
            "find",
            "head",
            "mkdir",
            "rmdir",
            "ln",
            "rm",
            "mv",
            "cat",
            "sleep",
            "flock");

    final Path root;
    final Path bin;
    final Path jdks;
    final Path mavenLog;
    private final Map<String, String> environment = new HashMap<>();
    private String archiving = "";

    FakeCheckout(Path directory) throws IOException {
        root = Files.createDirectories(directory.resolve("check out"));
        bin = Files.createDirectories(directory.resolve("bin"));
        jdks = Files.createDirectories(directory.resolve("jdks"));
        mavenLog = directory.resolve("maven.log");
        for (String tool : TOOLS) {
            linkTool(tool);
        }
        Files.copy(Path.of("..", "coordinator"), root.resolve("coordinator"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        Files.createDirectories(root.resolve("coordinator-cli/src/main/java"));
        Files.writeString(root.resolve("coordinator-cli/pom.xml"), "<project/>");
        Files.writeString(source(), "class A {}");
        set("COORD_JDK_DIRS", jdks.toString());
        backdate();
        maven("mkdir -p coordinator-cli/target/dist/lib coordinator-cli/target/dist/bin");
    }

    /** What a run printed, and how it ended. */
    record Outcome(int exitCode, String out, String err) {}

    Path source() {
        return root.resolve("coordinator-cli/src/main/java/A.java");
    }

    Path built() {
        return root.resolve("coordinator-cli/target/dist/BUILT");
    }

    void set(String variable, String value) {
        environment.put(variable, value);
    }

    /**
     * A JDK whose java prints its version and its arguments, one in each line. What a server gets, it asks a real one.
     */
    Path jdk(String folder, String version) throws IOException {
        Path home = Files.createDirectories(jdks.resolve(folder));
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Fake\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(
                home.resolve("bin/java"),
                serverOptions() + "echo \"java " + folder + "\"; for a; do echo \"$a\"; done\n" + archiving);
        script(home.resolve("bin/javac"), "exit 1");
        return home;
    }

    private static String serverOptions() {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String classes = JvmOptions.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        String main = JvmOptions.class.getName();
        return "case \"$*\" in *" + main
                + ") sizes=; for a; do [ \"$a\" != -cp ] || break; sizes=\"$sizes $a\"; done; exec " + java
                + " $sizes -cp '" + classes + "' " + main + " ;; esac\n";
    }

    /** Lets the java of JDKs made from now on do this with the archive that it is asked to write. */
    void archiving(String action) {
        archiving = "for a; do case $a in -XX:ArchiveClassesAtExit=*) archive=${a#*=}; " + action + " ;; esac; done";
    }

    /** What Maven does after it wrote its JAVA_HOME and arguments to the log. */
    void maven(String action) throws IOException {
        script(bin.resolve("mvn"), "echo \"$JAVA_HOME $*\" >>'" + mavenLog + "'\n" + action);
    }

    void withoutTool(String tool) throws IOException {
        Files.delete(bin.resolve(tool));
    }

    List<String> mavenRuns() throws IOException {
        return Files.exists(mavenLog) ? Files.readAllLines(mavenLog) : List.of();
    }

    /** Gives every file of the checkout a time that lies before everything that happens in the test. */
    void backdate() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
            }
        }
    }

    /** Makes a file look as if it had been edited after the last build. */
    void edit(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
    }

    Process start(Path launcher, Path workingDirectory, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments))
                .toList());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("PATH", bin.toString());
        return builder.directory(workingDirectory.toFile()).start();
    }

    Outcome run(String... arguments) throws IOException, InterruptedException {
        return outcome(start(root.resolve("coordinator"), root, arguments));
    }

    static Outcome outcome(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the launcher did not end; it said: " + err);
        }
        return new Outcome(process.exitValue(), out, err);
    }

    private void linkTool(String tool) throws IOException {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            Path candidate = Path.of(folder, tool);
            if (Files.isExecutable(candidate)) {
                script(bin.resolve(tool), "exec " + candidate + " \"$@\"");
                return;
            }
        }
    }

    static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + file + " executable");
        }
    }
}
