/** When a read may be answered: the log lease and its fallback. */
@NullMarked
package io.coordinator.server.read;

import org.jspecify.annotations.NullMarked;
