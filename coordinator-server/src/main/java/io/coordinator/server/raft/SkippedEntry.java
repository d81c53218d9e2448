package io.coordinator.server.raft;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/**
 * The mark that an entry of the log is not to be applied, with who set it and why. A value: one line of a file.
 *
 * @param sha256 of the entry's data, in hexadecimal digits, so that no other entry is ever skipped in its place
 * @param marked when, by the clock of the machine
 * @param operator who
 * @param reason why, in one line
 */
public record SkippedEntry(long index, long term, String sha256, Instant marked, String operator, String reason) {
    private static final String SEPARATOR = "\t";
    private static final int FIELDS = 6;

    public SkippedEntry {
        operator = oneLine(operator);
        reason = oneLine(reason);
    }

    /** Whether this is the same entry, whoever marked it. */
    public boolean isSameEntry(SkippedEntry other) {
        return index == other.index && term == other.term && sha256.equals(other.sha256);
    }

    /** As a line of the file. */
    String line() {
        return String.join(
                SEPARATOR,
                List.of(Long.toString(index), Long.toString(term), sha256, marked.toString(), operator, reason));
    }

    /** The mark of a line; empty if it is no such line. */
    static Optional<SkippedEntry> parse(String line) {
        String[] fields = line.split(SEPARATOR, -1);
        if (fields.length != FIELDS) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SkippedEntry(
                    Long.parseLong(fields[0]),
                    Long.parseLong(fields[1]),
                    fields[2],
                    Instant.parse(fields[3]),
                    fields[4],
                    fields[5]));
        } catch (NumberFormatException | DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
