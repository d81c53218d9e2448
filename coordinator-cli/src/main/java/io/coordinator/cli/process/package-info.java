/** Commands that this program runs, and what they start in turn. */
@NullMarked
package io.coordinator.cli.process;

import org.jspecify.annotations.NullMarked;
