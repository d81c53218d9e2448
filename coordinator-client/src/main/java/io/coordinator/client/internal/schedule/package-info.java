/** Schedules as messages. */
@NullMarked
package io.coordinator.client.internal.schedule;

import org.jspecify.annotations.NullMarked;
