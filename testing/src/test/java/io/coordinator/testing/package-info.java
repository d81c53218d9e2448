/** Tests of the test kit itself. */
@NullMarked
package io.coordinator.testing;

import org.jspecify.annotations.NullMarked;
