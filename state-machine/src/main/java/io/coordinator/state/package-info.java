/** The replicated state machine: a pure function of the log. No clock, thread, I/O or randomness in here. */
@NullMarked
package io.coordinator.state;

import org.jspecify.annotations.NullMarked;
