@NullMarked
package io.coordinator.benchmarks;

import org.jspecify.annotations.NullMarked;
