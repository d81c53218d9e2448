package io.coordinator.server.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a data directory is to its cluster. A directory has an id of its own, so that an empty one under the name of a
 * member is not taken for the one that was lost: that may have voted, and nobody votes twice in a term (Raft, section
 * 5.2).
 *
 * @param disk the directory's id
 * @param incarnation how many directories the node has had, this one included
 * @param part what it may do
 * @param group the Raft group, if it is not that of the cluster's name
 * @param first of a directory that was there when the cluster began: all that were; else empty
 * @param cluster the id of the cluster, once its log has told it
 */
public record Standing(
        String disk,
        int incarnation,
        Part part,
        Optional<UUID> group,
        List<FirstMember> first,
        Optional<String> cluster) {
    private static final String FILE = "standing";
    private static final String DISK = "disk=";
    private static final String INCARNATION = "incarnation=";
    private static final String PART = "part=";
    private static final String GROUP = "group=";
    private static final String FIRST = "first=";
    private static final String CLUSTER = "cluster=";

    /** What a directory may do in its cluster. */
    public enum Part {
        /** Nothing yet: whether it is one of the first, or comes to a cluster that exists, is not known. */
        NEW,
        /** It takes part since the cluster began. */
        FIRST,
        /** It was let in later, by the log. */
        JOINED
    }

    /**
     * One of those that began the cluster.
     *
     * @param coreVersion the newest that it knew then
     */
    public record FirstMember(String node, String disk, int coreVersion) {
        private String text() {
            return node + '/' + disk + '/' + coreVersion;
        }

        private static FirstMember parse(String text) {
            String[] parts = text.split("/", -1);
            if (parts.length != 3) {
                throw new IllegalArgumentException("expected node/disk/version, found '" + text + "'");
            }
            return new FirstMember(parts[0], parts[1], Integer.parseInt(parts[2]));
        }
    }

    public Standing {
        first = List.copyOf(first);
    }

    /** Of a directory that nobody has seen yet. */
    public static Standing fresh() {
        return new Standing(UUID.randomUUID().toString(), 1, Part.NEW, Optional.empty(), List.of(), Optional.empty());
    }

    /** Of a directory that is older than such marks: it has a log, so it takes part. */
    public static Standing ofOldDirectory() {
        return new Standing(UUID.randomUUID().toString(), 1, Part.FIRST, Optional.empty(), List.of(), Optional.empty());
    }

    /** The same, as one of those that begin the cluster. */
    public Standing asFirst(List<FirstMember> all) {
        return new Standing(disk, incarnation, Part.FIRST, group, all, cluster);
    }

    /** The same, let in by the log. */
    public Standing asJoined(int underIncarnation, Optional<UUID> inGroup, String clusterId) {
        return new Standing(disk, underIncarnation, Part.JOINED, inGroup, List.of(), Optional.of(clusterId));
    }

    /** The same, in a cluster of that id. */
    public Standing inCluster(String id) {
        return new Standing(disk, incarnation, part, group, first, Optional.of(id));
    }

    /**
     * Reads the mark of a data directory; empty if it has none.
     *
     * @throws IOException if it cannot be read or is damaged
     */
    public static Optional<Standing> read(Path data) throws IOException {
        Path file = data.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        try {
            List<FirstMember> first = new ArrayList<>();
            for (String line : lines) {
                if (line.startsWith(FIRST)) {
                    first.add(FirstMember.parse(line.substring(FIRST.length())));
                }
            }
            return Optional.of(new Standing(
                    find(lines, DISK).orElseThrow(() -> new IllegalArgumentException("it names no disk")),
                    Integer.parseInt(find(lines, INCARNATION).orElse("1")),
                    Part.valueOf(find(lines, PART).orElse(Part.NEW.name())),
                    find(lines, GROUP).map(UUID::fromString),
                    first,
                    find(lines, CLUSTER)));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is damaged (" + e.getMessage() + "). Set the whole data directory aside and"
                    + " start the node with an empty one; it rejoins while a majority of the others is alive");
        }
    }

    private static Optional<String> find(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()))
                .findFirst();
    }

    /** Marks a data directory. */
    public void write(Path data) throws IOException {
        List<String> lines = new ArrayList<>(List.of(DISK + disk, INCARNATION + incarnation, PART + part));
        group.ifPresent(id -> lines.add(GROUP + id));
        first.forEach(member -> lines.add(FIRST + member.text()));
        cluster.ifPresent(id -> lines.add(CLUSTER + id));
        DurableFile.write(data.resolve(FILE), lines);
    }
}
