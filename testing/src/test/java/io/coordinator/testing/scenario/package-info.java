/** The acceptance scenarios of the catalogue, each on a whole cluster. */
@NullMarked
package io.coordinator.testing.scenario;

import org.jspecify.annotations.NullMarked;
