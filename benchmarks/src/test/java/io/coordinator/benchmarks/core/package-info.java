@NullMarked
package io.coordinator.benchmarks.core;

import org.jspecify.annotations.NullMarked;
