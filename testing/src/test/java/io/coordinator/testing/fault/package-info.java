/** The faults are real. */
@NullMarked
package io.coordinator.testing.fault;

import org.jspecify.annotations.NullMarked;
