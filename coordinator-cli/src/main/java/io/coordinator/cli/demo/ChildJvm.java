package io.coordinator.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts this program again as processes of their own: same JVM, same class path, nothing outside the demo's directory. */
final class ChildJvm {
    private static final int UNSAFE_FLAG_SINCE = 23;
    private static final int NATIVE_FLAG_SINCE = 22;
    private static final String MAIN = "io.coordinator.cli.Main";

    private final Children children;
    private final DemoDirectory directory;

    ChildJvm(Children children, DemoDirectory directory) {
        this.children = children;
        this.directory = directory;
    }

    /** A server: everything that it says goes to its log file. */
    Process server(String name, List<String> arguments) throws IOException {
        ProcessBuilder builder = builder(arguments).redirectErrorStream(true);
        return children.start(builder.redirectOutput(directory.log(name).toFile()));
    }

    /** A worker: what it reports can be read from it, errors go to its log file. */
    Process worker(String name, List<String> arguments) throws IOException {
        return children.start(
                builder(arguments).redirectError(directory.log(name).toFile()));
    }

    private ProcessBuilder builder(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags(Runtime.version().feature()));
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

    /** What the launcher passes too, for a process that lives some seconds and shares two cores with seven others. */
    static List<String> flags(int javaVersion) {
        List<String> flags =
                new ArrayList<>(List.of("-XX:-UsePerfData", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
        if (javaVersion >= NATIVE_FLAG_SINCE) {
            flags.add("--enable-native-access=ALL-UNNAMED");
        }
        if (javaVersion >= UNSAFE_FLAG_SINCE) {
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        return flags;
    }
}
