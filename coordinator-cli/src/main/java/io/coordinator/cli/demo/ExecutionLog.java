package io.coordinator.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A file with one line for each time that a build function began: how often it really ran, whatever anyone claims. */
record ExecutionLog(Path file) {
    /**
     * Adds a line; whole and atomic, also between processes, because it is one short write to a file opened to append.
     */
    void add(String worker, long token) throws IOException {
        Files.writeString(
                file,
                worker + " " + token + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                StandardOpenOption.SYNC);
    }

    int count() throws IOException {
        return lines().size();
    }

    List<String> lines() throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
