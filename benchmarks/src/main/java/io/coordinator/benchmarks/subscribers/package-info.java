/** What subscribers cost that are idle, or stalled. */
@NullMarked
package io.coordinator.benchmarks.subscribers;

import org.jspecify.annotations.NullMarked;
