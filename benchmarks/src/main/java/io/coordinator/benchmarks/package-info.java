/** Peers side by side: one harness drives every system in the same way and prints what it measured. */
@NullMarked
package io.coordinator.benchmarks;

import org.jspecify.annotations.NullMarked;
