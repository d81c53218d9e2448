@NullMarked
package io.coordinator.benchmarks.systems;

import org.jspecify.annotations.NullMarked;
