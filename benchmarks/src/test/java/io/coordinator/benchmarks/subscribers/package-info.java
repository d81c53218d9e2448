@NullMarked
package io.coordinator.benchmarks.subscribers;

import org.jspecify.annotations.NullMarked;
