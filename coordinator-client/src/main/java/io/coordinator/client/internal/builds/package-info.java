/** Builds. */
@NullMarked
package io.coordinator.client.internal.builds;

import org.jspecify.annotations.NullMarked;
