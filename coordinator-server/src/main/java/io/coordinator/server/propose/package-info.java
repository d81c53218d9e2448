/** Turning queued commands into log entries, on the leader. */
@NullMarked
package io.coordinator.server.propose;

import org.jspecify.annotations.NullMarked;
