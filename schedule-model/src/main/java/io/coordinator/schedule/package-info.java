/** When schedules fire: a pure function of their settings. The leader decides by it, and clients preview. */
@NullMarked
package io.coordinator.schedule;

import org.jspecify.annotations.NullMarked;
