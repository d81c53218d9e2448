package io.coordinator.server.raft;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries of the log that this node does not apply, because an operator said so with {@code coordinator data skip}.
 * They are kept in a file of the data directory for ever: every replay needs them until a snapshot is past them, and
 * then they are history. Immutable.
 */
public final class SkippedEntries {
    private static final Logger LOG = LoggerFactory.getLogger(SkippedEntries.class);
    private static final String FILE = "skipped";
    private static final String HEAD =
            "# Entries of the log that are not applied: index, term, SHA-256, when, who, why. Never delete this.";

    private final List<SkippedEntry> all;
    private final Map<Long, SkippedEntry> byIndex;

    private SkippedEntries(List<SkippedEntry> all) {
        this.all = List.copyOf(all);
        this.byIndex =
                all.stream().collect(Collectors.toMap(SkippedEntry::index, Function.identity(), (old, newer) -> newer));
    }

    /** The file under a data directory. */
    public static Path file(Path data) {
        return data.resolve(FILE);
    }

    /**
     * Reads the marks of a data directory; none if it has no such file.
     *
     * @throws IOException if the file cannot be read, or holds something else: to ignore it could change the state
     */
    public static SkippedEntries load(Path data) throws IOException {
        Path file = file(data);
        if (!Files.exists(file)) {
            return new SkippedEntries(List.of());
        }
        List<SkippedEntry> marks = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.startsWith("#") && !line.isBlank()) {
                marks.add(SkippedEntry.parse(line)
                        .orElseThrow(() -> new IOException(file + " is damaged: '" + line
                                + "' marks no entry. Copy the file from another member, where it must be the same")));
            }
        }
        return new SkippedEntries(marks);
    }

    /** The same with one more. */
    public SkippedEntries with(SkippedEntry mark) {
        List<SkippedEntry> more = new ArrayList<>(all);
        more.add(mark);
        return new SkippedEntries(more);
    }

    /** All marks, oldest first. */
    public List<SkippedEntry> all() {
        return all;
    }

    /** The lines of the file. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(HEAD));
        all.forEach(mark -> lines.add(mark.line()));
        return lines;
    }

    /**
     * The mark on an entry. Another entry at the same index, of another term or with other bytes, is not marked: the
     * one that was meant has been replaced by a new leader's, and was never committed.
     */
    Optional<SkippedEntry> find(long term, long index, ByteString data) {
        SkippedEntry mark = byIndex.get(index);
        if (mark == null) {
            return Optional.empty();
        }
        if (mark.term() == term && mark.sha256().equals(StoredEntry.sha256(data))) {
            return Optional.of(mark);
        }
        LOG.warn(
                "entry {} of term {} is applied: it is not the one of term {} that was marked",
                index,
                term,
                mark.term());
        return Optional.empty();
    }
}
