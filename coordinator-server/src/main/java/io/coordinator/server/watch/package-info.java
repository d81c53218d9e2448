/** Watches: the ring of recent changes and the cursors into it. */
@NullMarked
package io.coordinator.server.watch;

import org.jspecify.annotations.NullMarked;
