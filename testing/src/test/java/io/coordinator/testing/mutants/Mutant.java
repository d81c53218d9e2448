package io.coordinator.testing.mutants;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A promise that is broken on purpose: a file of {@code testing/src/mutants}.
 *
 * @param name of the file, without its ending
 * @param promise a line of {@code docs/guarantees.md}, or the id of a feature
 * @param breaks what is wrong, in a few words
 * @param tests those that ought to notice
 * @param sources the files that it changes, relative to the repository
 * @param file the diff, with the lines above in front
 */
record Mutant(String name, String promise, String breaks, List<Selection> tests, List<String> sources, Path file) {
    private static final String ENDING = ".patch";
    private static final String SOURCE = "+++ b/";

    /** Test classes of one module, each with {@code #method} if it is one test only. */
    record Selection(String module, List<String> tests) {
        static Selection parse(String text) {
            String[] parts = text.strip().split("\\s+", 2);
            if (parts.length < 2) {
                throw new IllegalArgumentException("'" + text + "' is no module with tests, separated by commas");
            }
            return new Selection(
                    parts[0], Stream.of(parts[1].split(",")).map(String::strip).toList());
        }
    }

    /** All of a directory, by name. */
    static List<Mutant> in(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(ENDING))
                    .sorted(Comparator.comparing(Path::getFileName))
                    .map(Mutant::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same break, for other tests to notice; written as in its file. */
    Mutant against(String otherTests) {
        return new Mutant(name, promise, breaks, selections(otherTests), sources, file);
    }

    private static List<Selection> selections(String text) {
        return Stream.of(text.split(";")).map(Selection::parse).toList();
    }

    private static Mutant parse(Path file) {
        List<String> lines = lines(file);
        List<Selection> tests = selections(header(file, lines, "Tests: "));
        List<String> sources = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith(SOURCE)) {
                sources.add(line.substring(SOURCE.length()).strip());
            }
        }
        String name = file.getFileName().toString();
        return new Mutant(
                name.substring(0, name.length() - ENDING.length()),
                header(file, lines, "Promise: "),
                header(file, lines, "Breaks: "),
                tests,
                List.copyOf(sources),
                file.toAbsolutePath());
    }

    private static String header(Path file, List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .map(line -> line.substring(name.length()).strip())
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> new IllegalArgumentException(file + " has no line '" + name + "…'"));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
