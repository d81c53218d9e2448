package io.coordinator.cli.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts this program again, as a process of its own: same JVM, same class path. */
final class ChildJvm {
    private static final int UNSAFE_FLAG_SINCE = 23;
    private static final int NATIVE_FLAG_SINCE = 22;

    private ChildJvm() {}

    /** A builder for a process that runs the given subcommand, its errors going to the log file. */
    static ProcessBuilder of(Path log, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags(Runtime.version().feature()));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.coordinator.cli.Main"));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectError(log.toFile());
    }

    /** What the launcher passes too, for a process that lives some seconds and shares two cores with seven others. */
    static List<String> flags(int javaVersion) {
        List<String> flags = new ArrayList<>(
                List.of("-XX:-UsePerfData", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx256m"));
        if (javaVersion >= NATIVE_FLAG_SINCE) {
            flags.add("--enable-native-access=ALL-UNNAMED");
        }
        if (javaVersion >= UNSAFE_FLAG_SINCE) {
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        return flags;
    }
}
