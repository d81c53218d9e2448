/** Repeats tests until it is known that they always pass. */
@NullMarked
package io.coordinator.testing.repeat;

import org.jspecify.annotations.NullMarked;
