/** Backups of clusters, and what is made of them. */
@NullMarked
package io.coordinator.cli.backup;

import org.jspecify.annotations.NullMarked;
