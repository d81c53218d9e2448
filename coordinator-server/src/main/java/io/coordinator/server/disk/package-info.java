/** Files and directories that are on the disk when it says so. */
@NullMarked
package io.coordinator.server.disk;

import org.jspecify.annotations.NullMarked;
