/** The systems that can be compared: how to start their servers and how to drive them. */
@NullMarked
package io.coordinator.benchmarks.systems;

import org.jspecify.annotations.NullMarked;
