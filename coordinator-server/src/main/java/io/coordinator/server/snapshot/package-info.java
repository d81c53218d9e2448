/** Snapshots in RocksDB: incremental writes, atomically published checkpoints, recovery. */
@NullMarked
package io.coordinator.server.snapshot;

import org.jspecify.annotations.NullMarked;
