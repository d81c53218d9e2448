/** The test kit: clusters in one JVM or in many, their faults, and a JUnit extension that hands them to tests. */
@NullMarked
package io.coordinator.testing;

import org.jspecify.annotations.NullMarked;
