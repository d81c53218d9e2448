package io.coordinator.server.backup;

import io.coordinator.server.disk.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The backups of one cluster in a directory, by their names. Other clusters and other members may write there too, so
 * only names that this cluster gives are touched.
 *
 * <p>A name that lies in the future was given by a clock that was wrong, then or now. It does not count as the newest,
 * or no backup would be due until then, and one that is written now would be deleted as the oldest.
 */
final class BackupFiles {
    private static final String SUFFIX = ".snapshot";
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    /** The clocks of members differ by less. */
    private static final Duration SKEW = Duration.ofMinutes(10);
    /** What is written changes all the time. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path directory;
    private final String prefix;

    BackupFiles(Path directory, String cluster) {
        this.directory = directory;
        this.prefix = cluster.replaceAll("[^A-Za-z0-9._-]", "_") + "-";
    }

    private record Dated(Path file, Instant date) {}

    /** What a backup of that moment is called. */
    Path at(long millis) {
        return directory.resolve(prefix + DATE.format(Instant.ofEpochMilli(millis)) + SUFFIX);
    }

    /** When the newest was made; empty if there is none. */
    Optional<Instant> newest(Instant now) throws IOException {
        return files(now).stream()
                .map(Dated::date)
                .filter(date -> isPast(date, now))
                .findFirst();
    }

    /** Deletes all but so many, and what was left half-written. */
    void prune(int keep, Instant now) throws IOException {
        List<Dated> files = files(now);
        for (Dated old : files.subList(Math.min(keep, files.size()), files.size())) {
            Files.deleteIfExists(old.file()); // Another member may have done it.
        }
        for (Path part : list()) {
            if (isAbandoned(part, now)) {
                Files.deleteIfExists(part);
            }
        }
        Directories.forceEntries(directory);
    }

    private static boolean isPast(Instant date, Instant now) {
        return !date.isAfter(now.plus(SKEW));
    }

    private boolean isAbandoned(Path part, Instant now) throws IOException {
        String name = part.getFileName().toString();
        int end = name.indexOf(SUFFIX) + SUFFIX.length();
        return name.endsWith(BackupWriter.UNFINISHED)
                && end > SUFFIX.length()
                && dateOf(name.substring(0, end)).isPresent()
                && Files.exists(part)
                && Files.getLastModifiedTime(part).toInstant().isBefore(now.minus(ABANDONED));
    }

    /** Newest first, and those of the future last. */
    private List<Dated> files(Instant now) throws IOException {
        List<Dated> files = new ArrayList<>();
        for (Path file : list()) {
            dateOf(file.getFileName().toString()).ifPresent(date -> files.add(new Dated(file, date)));
        }
        files.sort(Comparator.comparing((Dated each) -> isPast(each.date(), now))
                .thenComparing(Dated::date)
                .reversed());
        return Collections.unmodifiableList(files);
    }

    private List<Path> list() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList();
        }
    }

    /** Empty if this cluster gives no such names. */
    private Optional<Instant> dateOf(String name) {
        if (!name.startsWith(prefix) || !name.endsWith(SUFFIX) || name.length() < prefix.length() + SUFFIX.length()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    DATE.parse(name.substring(prefix.length(), name.length() - SUFFIX.length()), Instant::from));
        } catch (DateTimeException other) {
            return Optional.empty();
        }
    }
}
