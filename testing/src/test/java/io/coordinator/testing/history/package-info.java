/** The checker is checked before anything is checked with it. */
@NullMarked
package io.coordinator.testing.history;

import org.jspecify.annotations.NullMarked;
