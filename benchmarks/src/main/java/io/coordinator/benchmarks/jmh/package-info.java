/** Microbenchmarks of the paths that every operation takes; run them with {@code benchmarks/jmh}. */
@NullMarked
package io.coordinator.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
