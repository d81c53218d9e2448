package io.coordinator.server.data;

import io.coordinator.server.disk.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whose a data directory is. */
public record Identity(String cluster, String node) {
    private static final String FILE = "identity";
    private static final String CLUSTER = "cluster=";
    private static final String NODE = "node=";

    /**
     * Reads the mark of a data directory; empty if it has none.
     *
     * @throws IOException if the mark cannot be read, or is none
     */
    public static Optional<Identity> read(Path data) throws IOException {
        Path file = data.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        if (lines.size() != 2
                || !lines.get(0).startsWith(CLUSTER)
                || !lines.get(1).startsWith(NODE)) {
            throw new IOException(file + " is damaged: it should say whose this directory is, and says " + lines);
        }
        return Optional.of(new Identity(
                lines.get(0).substring(CLUSTER.length()), lines.get(1).substring(NODE.length())));
    }

    /** Marks a data directory. */
    public void write(Path data) throws IOException {
        DurableFile.write(data.resolve(FILE), List.of(CLUSTER + cluster, NODE + node));
    }

    @Override
    public String toString() {
        return "[" + CLUSTER + cluster + ", " + NODE + node + "]";
    }
}
