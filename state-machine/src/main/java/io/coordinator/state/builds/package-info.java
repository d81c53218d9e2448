/** Builds: one live builder for a key, one committed result, everyone else waits for it. */
@NullMarked
package io.coordinator.state.builds;

import org.jspecify.annotations.NullMarked;
