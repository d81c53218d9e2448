/** Java processes that a test starts, pauses and kills, and that never outlive it. */
@NullMarked
package io.coordinator.testing.process;

import org.jspecify.annotations.NullMarked;
