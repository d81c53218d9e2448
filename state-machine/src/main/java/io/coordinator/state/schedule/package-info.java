/** Schedules: each nominal time becomes one job, whatever the clocks of leaders do. */
@NullMarked
package io.coordinator.state.schedule;

import org.jspecify.annotations.NullMarked;
