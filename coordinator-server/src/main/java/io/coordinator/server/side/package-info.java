/** Streams of a client beside that of its session: who may open one, its greeting, its answers and its end. */
@NullMarked
package io.coordinator.server.side;

import org.jspecify.annotations.NullMarked;
