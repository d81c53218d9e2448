/** Promises broken on purpose, one at a time, to see which test notices: {@code testing/mutants}. */
@NullMarked
package io.coordinator.testing.mutants;

import org.jspecify.annotations.NullMarked;
