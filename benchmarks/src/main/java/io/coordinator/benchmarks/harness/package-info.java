/** The closed loop, its statistics and the order of rounds; knows no system. */
@NullMarked
package io.coordinator.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
