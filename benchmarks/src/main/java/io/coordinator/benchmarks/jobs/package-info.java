/** What many jobs that wait cost, and many schedules that are due at once. */
@NullMarked
package io.coordinator.benchmarks.jobs;

import org.jspecify.annotations.NullMarked;
