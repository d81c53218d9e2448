/** What a comparison shows: table and JSON. */
@NullMarked
package io.coordinator.benchmarks.report;

import org.jspecify.annotations.NullMarked;
