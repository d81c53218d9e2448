/** Streams and calls to single nodes, and the one thread on which they and the session run. */
@NullMarked
package io.coordinator.client.internal.net;

import org.jspecify.annotations.NullMarked;
