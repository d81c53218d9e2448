/** Backups: files that hold the state of a cluster, written by running nodes and read by operators. */
@NullMarked
package io.coordinator.server.backup;

import org.jspecify.annotations.NullMarked;
