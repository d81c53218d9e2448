@NullMarked
package io.coordinator.benchmarks.jobs;

import org.jspecify.annotations.NullMarked;
