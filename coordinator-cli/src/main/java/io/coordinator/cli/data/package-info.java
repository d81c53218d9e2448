/** Commands for the data directory of a node that does not run. */
@NullMarked
package io.coordinator.cli.data;

import org.jspecify.annotations.NullMarked;
