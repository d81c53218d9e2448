package io.coordinator.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;

/** A file with one line for each time that a function began: how often it really ran, whatever anyone claims. */
record ExecutionLog(Path file) {
    /**
     * Adds a line; whole and atomic, also between processes, because it is one short write to a file opened to append.
     */
    void add(String worker, long token) throws IOException {
        add(worker, Long.toString(token));
    }

    /**
     * As {@link #add(String, long)}.
     *
     * @param what it ran for, without spaces
     */
    void add(String worker, String what) throws IOException {
        Files.writeString(
                file,
                worker + " " + what + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                StandardOpenOption.SYNC);
    }

    int count() throws IOException {
        return lines().size();
    }

    /** For how many things a function began more than once. */
    int repeated() throws IOException {
        return (int) lines().stream()
                .collect(Collectors.groupingBy(line -> line.substring(line.indexOf(' ') + 1), Collectors.counting()))
                .values()
                .stream()
                .filter(count -> count > 1)
                .count();
    }

    List<String> lines() throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
