/**
 * What the core alone costs when its state is large: how long one entry holds apply, and what a row takes of the heap.
 */
@NullMarked
package io.coordinator.benchmarks.core;

import org.jspecify.annotations.NullMarked;
