package io.coordinator.server.snapshot;

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
 * A published snapshot: a directory named {@code term_index} that never changes again.
 *
 * @param term of the last entry in it
 * @param index of the last entry in it
 * @param directory absolute
 */
public record Checkpoint(long term, long index, Path directory) {
    private static final Pattern NAME = Pattern.compile("(\\d+)_(\\d+)");

    static String directoryName(long term, long index) {
        return term + "_" + index;
    }

    /** Empty if the directory's name is not a checkpoint's. */
    static Optional<Checkpoint> of(Path directory) {
        Matcher matcher = NAME.matcher(directory.getFileName().toString());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new Checkpoint(
                Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), directory.toAbsolutePath()));
    }

    /** Those in a directory, newest first. */
    public static List<Checkpoint> list(Path published) throws IOException {
        try (Stream<Path> directories = Files.list(published)) {
            return directories
                    .map(Checkpoint::of)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparingLong(Checkpoint::index).reversed())
                    .toList();
        }
    }

    /** Its files, without the checksums that an installation leaves beside them; sorted by name. */
    public List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.getFileName().toString().endsWith(".md5"))
                    .sorted()
                    .toList();
        }
    }
}
