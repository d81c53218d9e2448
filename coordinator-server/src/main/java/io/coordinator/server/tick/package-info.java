/** What the leader does by the clock: expiries, idle ticks, session leases. */
@NullMarked
package io.coordinator.server.tick;

import org.jspecify.annotations.NullMarked;
