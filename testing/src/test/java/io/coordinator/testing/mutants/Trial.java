package io.coordinator.testing.mutants;

import io.coordinator.testing.mutants.Mutant.Selection;
import io.coordinator.testing.mutants.Outcome.Verdict;
import io.coordinator.testing.runner.Repository;
import io.coordinator.testing.runner.TestJvm;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs the tests of one break after the other. */
final class Trial {
    private static final Duration TIME = Duration.ofMinutes(6);
    /** The exit code of a process that was killed, as it is after {@link #TIME}. */
    private static final int KILLED = 128 + 9;

    private final Repository repository;

    Trial(Repository repository) {
        this.repository = repository;
    }

    Outcome of(Mutant mutant) {
        long start = System.nanoTime();
        @Nullable Path directory = null;
        try {
            directory = Files.createTempDirectory("mutant");
            Path classes = directory.resolve("classes");
            List<Path> sources = Overlay.broken(mutant, repository, directory.resolve("sources"));
            Overlay.compile(mutant, sources, classPath(mutant), classes);
            return judge(mutant, directory, classes, start);
        } catch (IOException | IllegalArgumentException e) {
            return outcome(mutant, Verdict.UNUSABLE, String.valueOf(e.getMessage()), start);
        } finally {
            delete(directory);
        }
    }

    /** Sees all that can be broken: the tests of the server know nothing of the client, those of the client not all. */
    private String classPath(Mutant mutant) {
        return Stream.concat(mutant.tests().stream().map(Selection::module), Stream.of("testing"))
                .distinct()
                .map(repository::testClassPath)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private Outcome judge(Mutant mutant, Path directory, Path classes, long start) throws IOException {
        for (Selection selection : mutant.tests()) {
            Path log = directory.resolve("log");
            int code = run(selection, classes, directory, log);
            switch (code) {
                case TestRun.PASSED -> {}
                case TestRun.FAILED -> {
                    return outcome(mutant, Verdict.CAUGHT, failure(log).orElse("a test"), start);
                }
                case TestRun.NOTHING_RAN -> {
                    return outcome(mutant, Verdict.UNUSABLE, "no test ran of " + selection, start);
                }
                case KILLED -> {
                    return outcome(mutant, Verdict.CAUGHT, "the time limit, or a kill", start);
                }
                default -> {
                    return outcome(mutant, Verdict.UNUSABLE, "the tests' process ended with " + code, start);
                }
            }
        }
        return outcome(mutant, Verdict.MISSED, "all of " + mutant.tests() + " passed", start);
    }

    private int run(Selection selection, Path classes, Path directory, Path log) throws IOException {
        List<String> tests = new ArrayList<>();
        for (String test : selection.tests()) {
            String[] parts = test.split("#", 2);
            String name = repository.testClass(selection.module(), parts[0]);
            tests.add(parts.length == 1 ? name : name + "#" + parts[1]);
        }
        List<String> flags = List.of("-Djunit.jupiter.execution.timeout.default=60s", "-Djava.io.tmpdir=" + directory);
        Process process = new ProcessBuilder(new TestJvm(repository, selection.module())
                        .command(List.of(classes), flags, TestRun.class, tests))
                .directory(repository.root().resolve(selection.module()).toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return await(process);
    }

    private static int await(Process process) {
        try {
            if (process.waitFor(TIME.toSeconds(), TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            return process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while tests ran", e);
        }
    }

    private static Optional<String> failure(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.startsWith(TestRun.MARK))
                    .findFirst()
                    .map(line -> line.substring(TestRun.MARK.length()));
        }
    }

    private static Outcome outcome(Mutant mutant, Verdict verdict, String detail, long start) {
        return new Outcome(mutant, verdict, detail, Duration.ofNanos(System.nanoTime() - start));
    }

    private static void delete(@Nullable Path directory) {
        if (directory == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
