/** What the leader does by its wall clock: it looks at schedules that are due, and proposes what fires. */
@NullMarked
package io.coordinator.server.schedule;

import org.jspecify.annotations.NullMarked;
