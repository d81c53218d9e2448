package io.coordinator.server.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which options a JVM of this project gets: the one rule for the launcher, the container (which starts by the
 * launcher), the demo and the test kit.
 *
 * <p>On one or two processors a concurrent collector competes with the threads that it is not to stop, and the second
 * compiler with the work that it is to make faster: the latter pays within minutes, so that only what ends before goes
 * without it. On more, the JVM's own choice is the best one.
 */
public final class JvmOptions {
    private static final int FEW_PROCESSORS = 2;
    /** Below this, several threads have too little to collect. Of 1 GiB a JVM does not count what it must keep free. */
    private static final long SMALL_HEAP_BYTES = 768L << 20;

    private static final int NATIVE_FLAG_SINCE = 22;
    private static final int UNSAFE_FLAG_SINCE = 23;
    private static final String FIRST_COMPILER_ONLY = "-XX:TieredStopAtLevel=1";
    private static final String SERIAL = "-XX:+UseSerialGC";
    private static final String PARALLEL = "-XX:+UseParallelGC";
    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w*GC");

    private JvmOptions() {}

    /** Prints what a server gets in a JVM like this one, one option a line; the launcher asks for it. */
    public static void main(String[] arguments) {
        Runtime jvm = Runtime.getRuntime();
        ofServer(jvm.availableProcessors(), jvm.maxMemory()).forEach(System.out::println);
    }

    /** For a node that may run for months. */
    public static List<String> ofServer(int processors, long heapBytes) {
        if (processors > FEW_PROCESSORS) {
            return List.of();
        }
        boolean oneCollects = processors == 1 || heapBytes < SMALL_HEAP_BYTES;
        return List.of(oneCollects ? SERIAL : PARALLEL);
    }

    /** For a node of a demo or test, which is gone after seconds or a few minutes. */
    public static List<String> ofShortServer(int processors, long heapBytes) {
        return Stream.concat(
                        processors > FEW_PROCESSORS ? Stream.of() : Stream.of(FIRST_COMPILER_ONLY),
                        ofServer(processors, heapBytes).stream())
                .toList();
    }

    /** For a client that ends after some seconds: start fast, stay small. */
    public static List<String> ofShortClient() {
        return List.of(FIRST_COMPILER_ONLY, SERIAL);
    }

    /** For every JVM of that version: no counters on disk, and no warnings about what the libraries do. */
    public static List<String> ofEvery(int javaVersion) {
        List<String> options = new ArrayList<>(List.of("-XX:-UsePerfData"));
        if (javaVersion >= UNSAFE_FLAG_SINCE) {
            options.add("--sun-misc-unsafe-memory-access=allow");
        }
        if (javaVersion >= NATIVE_FLAG_SINCE) {
            options.add("--enable-native-access=ALL-UNNAMED");
        }
        return options;
    }

    /** The options in a variable such as {@code JAVA_OPTS}. */
    public static List<String> split(String options) {
        return Stream.of(options.trim().split("\\s+", -1))
                .filter(option -> !option.isEmpty())
                .toList();
    }

    /**
     * The options and then more, of which the last counts where they contradict each other. Of collectors a JVM takes
     * no second one, so that the first is left out.
     */
    public static List<String> join(List<String> options, List<String> more) {
        boolean replaced = more.stream().anyMatch(JvmOptions::choosesCollector);
        return Stream.concat(options.stream().filter(option -> !replaced || !choosesCollector(option)), more.stream())
                .toList();
    }

    private static boolean choosesCollector(String option) {
        return COLLECTOR.matcher(option).matches();
    }
}
