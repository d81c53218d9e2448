package io.coordinator.testing.history.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a handler wrote down before it went on: one line of a file that outlives the handler's process.
 *
 * @param attempt which attempt it is, of the lease that {@code token} names
 * @param nanos when, by the clock that all processes of this machine share
 * @param text of a step its name, and its result behind an equals sign; of a refusal who refused; otherwise a dash
 */
public record HandlerLine(What what, String queue, String id, long token, int attempt, long nanos, String text) {
    private static final int WORDS = 7;

    /** What it tells of. */
    public enum What {
        BEGUN,
        /** A step's function runs. */
        STEP_RUNS,
        /** A step is recorded; this is the result that counts. */
        STEP_IS,
        COMPLETING,
        /** The cluster has taken the completion. */
        TAKEN,
        /** The cluster has not taken it, and never will. */
        REFUSED,
        /** Nobody knows. */
        UNKNOWN,
        THROWN
    }

    /** The line, without its end. */
    public String line() {
        return String.join(
                " ",
                what.name(),
                queue,
                id,
                Long.toString(token),
                Integer.toString(attempt),
                Long.toString(nanos),
                text);
    }

    /** The opposite of {@link #line}. */
    public static HandlerLine of(String line) {
        String[] words = line.split(" ", WORDS);
        if (words.length != WORDS) {
            throw new IllegalArgumentException("not a line of a handler: " + line);
        }
        return new HandlerLine(
                What.valueOf(words[0]),
                words[1],
                words[2],
                Long.parseLong(words[3]),
                Integer.parseInt(words[4]),
                Long.parseLong(words[5]),
                words[6]);
    }

    /** All whole lines of a file; the last one may have been cut off with its process. */
    public static List<HandlerLine> readAll(Path file) {
        try {
            String all = Files.readString(file);
            List<HandlerLine> lines = new ArrayList<>();
            all.substring(0, all.lastIndexOf('\n') + 1).lines().forEach(line -> lines.add(of(line)));
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
