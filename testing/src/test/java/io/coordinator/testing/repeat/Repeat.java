package io.coordinator.testing.repeat;

import io.coordinator.testing.runner.Repository;
import io.coordinator.testing.runner.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs the test classes of a module again and again while the machine is busy: a test that passes only when nothing else
 * runs says nothing when it fails. {@code testing/repeat} starts it.
 *
 * @param jobs classes at once, each in a JVM of its own
 * @param tags of the tests, as JUnit writes them
 */
public record Repeat(Repository repository, String module, int times, int jobs, String tags) {
    private static final String USUAL = "!alone & !soak";
    private static final int MINUTES_EACH_MAX = 10;

    /** Arguments: module, how often, how many classes at once, and names of classes, or none for all. */
    public static void main(String[] arguments) throws Exception {
        String tags = System.getProperty("tags", USUAL);
        Repeat repeat = new Repeat(
                Repository.here(), arguments[0], Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), tags);
        List<String> classes = Stream.of(arguments)
                .skip(3)
                .map(name -> repeat.repository.testClass(repeat.module, name))
                .toList();
        keepBusy();
        System.exit(repeat.run(classes.isEmpty() ? repeat.repository.testClasses(repeat.module) : classes) ? 0 : 1);
    }

    /** As many threads as there are processors do nothing, as fast as they can. */
    private static void keepBusy() {
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            Thread thread = new Thread(
                    () -> {
                        while (!Thread.currentThread().isInterrupted()) {
                            Thread.onSpinWait();
                        }
                    },
                    "busy-" + i);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private boolean run(List<String> classes) throws InterruptedException, ExecutionException, IOException {
        Path logs = Files.createDirectories(repository.root().resolve("testing/target/repeat"));
        ExecutorService threads = Executors.newFixedThreadPool(jobs);
        try {
            List<Future<Boolean>> running = new ArrayList<>();
            classes.forEach(name -> running.add(threads.submit(() -> passes(name, logs))));
            int failed = 0;
            for (Future<Boolean> one : running) {
                failed += one.get() ? 0 : 1;
            }
            System.out.printf(
                    Locale.ROOT, "%d classes of %s, %d times each: %d failed%n", classes.size(), module, times, failed);
            return failed == 0;
        } finally {
            threads.shutdownNow();
        }
    }

    private boolean passes(String name, Path logs) throws IOException, InterruptedException {
        Path log = logs.resolve(name + ".log");
        long start = System.nanoTime();
        TestJvm jvm = new TestJvm(repository, module);
        List<String> flags = List.of("-Djunit.jupiter.execution.timeout.default=5m");
        Process process = new ProcessBuilder(
                        jvm.command(List.of(), flags, Repetition.class, List.of(String.valueOf(times), tags, name)))
                .directory(jvm.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor((long) MINUTES_EACH_MAX * times, TimeUnit.MINUTES);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        boolean passed = ended && process.exitValue() == 0;
        System.out.printf(
                Locale.ROOT,
                "%-6s %6.1f s  %s%s%n",
                passed ? "passed" : "FAILED",
                (System.nanoTime() - start) / 1e9,
                name,
                passed ? "" : ", see " + log);
        return passed;
    }
}
