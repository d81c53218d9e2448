package io.coordinator.server.raft;

import io.coordinator.server.config.Keys;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.disk.Directories;
import io.coordinator.server.disk.Standing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Where Ratis keeps the log of a cluster, for those who look into its files: snapshots, offline tools, checks at the
 * start.
 */
public final class LogDirectories {
    private LogDirectories() {}

    /** Where the log of a cluster lives under a data directory. */
    public static Path group(Path data, String cluster) {
        return storage(data).resolve(groupOf(data, cluster).toString());
    }

    /** Where checkpoints must be published for Ratis to send and replace them. */
    public static Path checkpoints(Path data, String cluster) {
        return group(data, cluster).resolve("sm");
    }

    /**
     * Deletes the logs of all other groups. For a node that was let into this one: it took no part in others, whose
     * empty logs Ratis would open as well.
     */
    public static void keepOnly(Path data, UUID group) throws IOException {
        if (!Files.isDirectory(storage(data))) {
            return;
        }
        List<Path> groups;
        try (Stream<Path> all = Files.list(storage(data))) {
            groups = all.toList();
        }
        for (Path each : groups) {
            if (!each.getFileName().toString().equals(group.toString())) {
                Directories.delete(each);
            }
        }
    }

    /** Where the files of a node's log are. */
    static Path current(ServerConfig config) {
        return group(config.get(Keys.DATA_DIR), config.cluster()).resolve("current");
    }

    /** What Ratis is given as its own. */
    static Path storage(Path data) {
        return data.resolve("raft");
    }

    /**
     * The id of the Raft group whose log is under a data directory: that of the cluster's name, unless the directory
     * says otherwise.
     */
    public static UUID groupOf(Path data, String cluster) {
        try {
            return Standing.read(data).flatMap(Standing::group).orElseGet(() -> groupUuid(cluster));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The id of the one Raft group of a cluster that was neither restored nor forced. */
    static UUID groupUuid(String cluster) {
        return UUID.nameUUIDFromBytes(("io.coordinator/" + cluster).getBytes(StandardCharsets.UTF_8));
    }
}
