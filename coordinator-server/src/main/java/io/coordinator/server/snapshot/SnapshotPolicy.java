package io.coordinator.server.snapshot;

import io.coordinator.server.config.Keys;
import io.coordinator.server.config.ServerConfig;
import java.time.Duration;

/**
 * When a snapshot is due.
 *
 * @param dirtyRows so many rows changed
 * @param logBytes so much log was applied
 * @param interval the last is so old, and something changed
 * @param spacing never sooner than this after the last
 */
public record SnapshotPolicy(int dirtyRows, long logBytes, Duration interval, Duration spacing) {

    /** As a node is configured. */
    public static SnapshotPolicy of(ServerConfig config) {
        return new SnapshotPolicy(
                config.get(Keys.SNAPSHOT_DIRTY_ROWS),
                config.get(Keys.SNAPSHOT_LOG_BYTES),
                Duration.ofSeconds(config.get(Keys.SNAPSHOT_INTERVAL_SECONDS)),
                Duration.ofMillis(config.get(Keys.SNAPSHOT_SPACING_MILLIS)));
    }

    boolean isDue(int dirtyRowsNow, long logBytesNow, long nanosNow) {
        return nanosNow >= spacing.toNanos() && isWorthwhile(dirtyRowsNow, logBytesNow, nanosNow);
    }

    private boolean isWorthwhile(int dirtyRowsNow, long logBytesNow, long nanosNow) {
        return dirtyRowsNow >= dirtyRows
                || logBytesNow >= logBytes
                || (dirtyRowsNow > 0 && nanosNow >= interval.toNanos());
    }
}
