/**
 * Building an expensive value once for all clients: {@link io.coordinator.client.builds.Builds}, and caches that do it
 * for you: {@link io.coordinator.client.builds.ReadThroughCache}.
 */
@NullMarked
package io.coordinator.client.builds;

import org.jspecify.annotations.NullMarked;
