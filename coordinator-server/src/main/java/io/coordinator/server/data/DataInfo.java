package io.coordinator.server.data;

import io.coordinator.server.raft.SkippedEntry;
import io.coordinator.server.snapshot.CheckpointInfo;
import java.util.List;
import java.util.Optional;

/**
 * What is in a data directory.
 *
 * @param identity whose it is
 * @param snapshots newest first
 * @param firstIndex of the log; empty if that is
 * @param lastIndex of the log; empty if that is
 * @param skipped the entries that are not applied, oldest mark first
 */
public record DataInfo(
        Identity identity,
        List<CheckpointInfo> snapshots,
        Optional<Long> firstIndex,
        Optional<Long> lastIndex,
        List<SkippedEntry> skipped) {}
