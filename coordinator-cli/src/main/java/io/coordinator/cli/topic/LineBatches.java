package io.coordinator.cli.topic;

import io.coordinator.cli.console.BoundedInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines as they come, several at once if they are there: whoever writes them one by one does not wait until there are
 * more.
 */
final class LineBatches {
    /** Of one batch; a single line may be longer. */
    private static final int CHARS_MAX = 128 << 10;

    private final BufferedReader reader;
    private final int linesMax;
    private @Nullable String kept;

    /** @param linesMax of one batch, at least 1 */
    LineBatches(BufferedReader reader, int linesMax) {
        this.reader = reader;
        this.linesMax = linesMax;
    }

    /** Waits for a line, and takes those behind it that are there; empty at the end. */
    List<String> next() {
        List<String> lines = new ArrayList<>();
        int chars = 0;
        try {
            String line = kept == null ? BoundedInput.line(reader) : kept;
            kept = null;
            while (line != null) {
                lines.add(line);
                chars += line.length();
                if (lines.size() == linesMax || !reader.ready()) {
                    return lines;
                }
                line = BoundedInput.line(reader);
                if (line != null && chars + line.length() > CHARS_MAX) {
                    kept = line;
                    return lines;
                }
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read standard input", e);
        }
    }
}
