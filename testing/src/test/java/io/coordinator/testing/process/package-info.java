/** Processes pause, resume and die when told, and with their parent. */
@NullMarked
package io.coordinator.testing.process;

import org.jspecify.annotations.NullMarked;
