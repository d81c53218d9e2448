package io.coordinator.server.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file of the log, by its name.
 *
 * @param first the index of its first entry
 * @param last the index of its last entry; {@link Long#MAX_VALUE} for the one that is being written
 */
record LogSegmentFile(Path path, long first, long last) {
    private static final Pattern CLOSED = Pattern.compile("log_(\\d+)-(\\d+)");
    private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d+)");

    /** The segments in a directory, in the order of the log. */
    static List<LogSegmentFile> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(LogSegmentFile::of)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparingLong(LogSegmentFile::first))
                    .toList();
        }
    }

    boolean isOpen() {
        return last == Long.MAX_VALUE;
    }

    private static Optional<LogSegmentFile> of(Path file) {
        String name = file.getFileName().toString();
        Matcher closed = CLOSED.matcher(name);
        if (closed.matches()) {
            return Optional.of(
                    new LogSegmentFile(file, Long.parseLong(closed.group(1)), Long.parseLong(closed.group(2))));
        }
        Matcher open = OPEN.matcher(name);
        return open.matches()
                ? Optional.of(new LogSegmentFile(file, Long.parseLong(open.group(1)), Long.MAX_VALUE))
                : Optional.empty();
    }
}
