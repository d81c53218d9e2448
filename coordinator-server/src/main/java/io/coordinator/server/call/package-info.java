/** Ephemeral calls: from callers to workers and back, through the leader's memory. */
@NullMarked
package io.coordinator.server.call;

import org.jspecify.annotations.NullMarked;
