/** How soon everybody is back after the leader was killed. */
@NullMarked
package io.coordinator.benchmarks.storm;

import org.jspecify.annotations.NullMarked;
