/** Starts tests of any module in processes of their own. */
@NullMarked
package io.coordinator.testing.runner;

import org.jspecify.annotations.NullMarked;
