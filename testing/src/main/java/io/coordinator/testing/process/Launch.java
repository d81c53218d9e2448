package io.coordinator.testing.process;

import io.coordinator.server.jvm.JvmOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a JVM is started.
 *
 * @param classPath directories whose classes come before those of this JVM's own class path
 * @param jvmFlags for the {@code java} command
 * @param wrapper what comes before the {@code java} command; it must become that process. {@link #NAME} as below
 * @param environment added to this process' own; {@link #NAME} in a value stands for the name of the process
 */
public record Launch(
        List<Path> classPath, List<String> jvmFlags, List<String> wrapper, Map<String, String> environment) {

    /** Stands for the name of the process that is started. */
    public static final String NAME = "{name}";

    private static final int HEAP_MIB = 512;

    /** A small heap, and what a server gets on this machine; what {@code JAVA_OPTS} says comes last. */
    public static final Launch DEFAULT = new Launch(List.of(), defaultFlags(), List.of(), Map.of());

    public Launch {
        classPath = List.copyOf(classPath);
        jvmFlags = List.copyOf(jvmFlags);
        wrapper = List.copyOf(wrapper);
        environment = Map.copyOf(environment);
    }

    /** The same with more flags; of two that contradict each other, the last counts. */
    public Launch withFlags(String... flags) {
        return new Launch(classPath, JvmOptions.join(jvmFlags, List.of(flags)), wrapper, environment);
    }

    /** The same with the classes of a directory in place of those of the same names. */
    public Launch withClasses(Path directory) {
        return new Launch(List.of(directory), jvmFlags, wrapper, environment);
    }

    /** The same, for a process that must not take the processor from others. */
    public Launch whenIdle() {
        return wrapped(List.of("chrt", "--idle", "0"));
    }

    /** The same, started by another command. */
    public Launch wrapped(List<String> command) {
        return new Launch(classPath, jvmFlags, command, environment);
    }

    /** The same with another environment. */
    public Launch withEnvironment(Map<String, String> variables) {
        return new Launch(classPath, jvmFlags, wrapper, variables);
    }

    private static List<String> defaultFlags() {
        List<String> flags = new ArrayList<>(List.of("-Xmx" + HEAP_MIB + "m"));
        flags.addAll(JvmOptions.ofEvery(Runtime.version().feature()));
        flags.addAll(JvmOptions.ofShortServer(Runtime.getRuntime().availableProcessors(), (long) HEAP_MIB << 20));
        return JvmOptions.join(flags, JvmOptions.split(System.getenv().getOrDefault("JAVA_OPTS", "")));
    }
}
