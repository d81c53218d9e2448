package io.coordinator.server.data;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the log and the checkpoints of a survivor are kept when it is made a cluster of its own. */
public final class LogOfBefore {
    private LogOfBefore() {}

    /** The directory for the logs of all groups of before. */
    public static Path aside(Path data) {
        return data.resolve("before");
    }

    /** Whether the log that a node should have was set aside, and nothing has taken its place. */
    public static boolean isOnlyAside(Path data, Path log) {
        return !Files.exists(log)
                && Files.exists(aside(data).resolve(log.getFileName().toString()));
    }
}
