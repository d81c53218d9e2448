package io.coordinator.cli.demo;

import io.coordinator.server.jvm.JvmOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts this program again as processes of their own: same JVM, same class path, nothing outside the demo's directory.
 */
final class ChildJvm {
    private static final int HEAP_MIB = 256;
    private static final String MAIN = "io.coordinator.cli.Main";

    private final Children children;
    private final DemoDirectory directory;

    ChildJvm(Children children, DemoDirectory directory) {
        this.children = children;
        this.directory = directory;
    }

    /** A server: everything that it says goes to its log file. */
    Process server(String name, List<String> arguments) throws IOException {
        List<String> options =
                JvmOptions.ofShortServer(Runtime.getRuntime().availableProcessors(), (long) HEAP_MIB << 20);
        ProcessBuilder builder = builder(options, arguments).redirectErrorStream(true);
        return children.start(builder.redirectOutput(directory.log(name).toFile()));
    }

    /** A worker: what it reports can be read from it, errors go to its log file. */
    Process worker(String name, List<String> arguments) throws IOException {
        return children.start(builder(JvmOptions.ofShortClient(), arguments)
                .redirectError(directory.log(name).toFile()));
    }

    /** Has a process stand still. */
    PausedProcess pause(Process process) throws IOException {
        return PausedProcess.stop(process, children);
    }

    private ProcessBuilder builder(List<String> options, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags(options, System.getenv().getOrDefault("JAVA_OPTS", "")));
        command.addAll(archive(System.getProperty("coordinator.archive", "")));
        command.add("-Djava.io.tmpdir=" + directory.temporary());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    /** The launcher's archive of classes, if there is one: with it a JVM starts in half the time. */
    static List<String> archive(String file) {
        return file.isEmpty() ? List.of() : List.of("-XX:SharedArchiveFile=" + file, "-Xlog:disable");
    }

    /**
     * A small heap, since a demo shares the machine with itself; what the user asks the launcher for counts here too.
     */
    static List<String> flags(List<String> options, String javaOpts) {
        List<String> flags =
                new ArrayList<>(JvmOptions.ofEvery(Runtime.version().feature()));
        flags.add("-Xmx" + HEAP_MIB + "m");
        flags.addAll(options);
        return JvmOptions.join(flags, JvmOptions.split(javaOpts));
    }
}
