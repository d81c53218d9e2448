/** {@code coordinator builds}: builds under way and their results. */
@NullMarked
package io.coordinator.cli.builds;

import org.jspecify.annotations.NullMarked;
