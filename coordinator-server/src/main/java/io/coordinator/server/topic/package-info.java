/** Ephemeral topics: who hears what, and what waits for whom. Nothing here is replicated. */
@NullMarked
package io.coordinator.server.topic;

import org.jspecify.annotations.NullMarked;
