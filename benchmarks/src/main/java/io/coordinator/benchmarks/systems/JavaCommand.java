package io.coordinator.benchmarks.systems;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a server in a JVM: the same JVM, heap and class path for every such server. */
final class JavaCommand {
    /** The heap of each, unless told otherwise. */
    static final long HEAP_BYTES = 1L << 30;

    private static final List<String> OPTIONS = List.of(
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private JavaCommand() {}

    /** @param more options and properties of this server alone */
    static List<String> of(String mainClass, List<String> more, List<String> arguments) {
        return of(mainClass, HEAP_BYTES, more, arguments);
    }

    /** The same with another heap. */
    static List<String> of(String mainClass, long heapBytes, List<String> more, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(List.of("-Xms" + heapBytes, "-Xmx" + heapBytes));
        command.addAll(more);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        return command;
    }
}
