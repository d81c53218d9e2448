@NullMarked
package io.coordinator.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
