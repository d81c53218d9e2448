/** Schedules: cron, fixed rates and single dates, each of whose firings becomes one job. */
@NullMarked
package io.coordinator.client.schedule;

import org.jspecify.annotations.NullMarked;
