@NullMarked
package io.coordinator.testing.hostile;

import org.jspecify.annotations.NullMarked;
