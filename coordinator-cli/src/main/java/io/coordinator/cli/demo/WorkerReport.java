package io.coordinator.cli.demo;

import java.util.Locale;
import java.util.Optional;

/**
 * One line that a worker process writes to the demo.
 *
 * @param kind what happened
 * @param detail more about it, without line breaks; see {@link Kind}
 */
record WorkerReport(Kind kind, String detail) {
    /** What a worker can tell. */
    enum Kind {
        /** It has a session and waits for the word to begin; no detail. */
        READY,
        /** Its build function runs; the detail is its token. */
        BUILDING,
        /** The result of its own function is the one that was committed; the detail is its token. */
        COMMITTED,
        /** It has the result, its own or another's; the detail is the value as JSON, or how many results of jobs. */
        RESULT,
        /** A completion of its was refused, since the job was not its own any more; the detail is the job. */
        REFUSED,
        /** It gave up; the detail says why. */
        FAILED
    }

    String line() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + detail.replaceAll("\\R", " ");
    }

    /** Reads a line; empty if it is something else, such as what a library prints. */
    static Optional<WorkerReport> parse(String line) {
        String[] parts = line.split(" ", 2);
        for (Kind kind : Kind.values()) {
            if (parts.length == 2 && kind.name().toLowerCase(Locale.ROOT).equals(parts[0])) {
                return Optional.of(new WorkerReport(kind, parts[1]));
            }
        }
        return Optional.empty();
    }
}
