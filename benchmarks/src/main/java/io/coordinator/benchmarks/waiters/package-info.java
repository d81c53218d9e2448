/** How soon everybody who waits for a build hears of its end. */
@NullMarked
package io.coordinator.benchmarks.waiters;

import org.jspecify.annotations.NullMarked;
