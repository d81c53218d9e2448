/** Streams of a client beside that of its session. */
@NullMarked
package io.coordinator.client.internal.side;

import org.jspecify.annotations.NullMarked;
