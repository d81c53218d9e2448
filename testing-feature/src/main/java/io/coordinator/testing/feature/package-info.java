/** Links between tests and the feature catalogue. */
@NullMarked
package io.coordinator.testing.feature;

import org.jspecify.annotations.NullMarked;
