/**
 * Being told of changes: {@link io.coordinator.client.watch.WatchListener}.
 */
@NullMarked
package io.coordinator.client.watch;

import org.jspecify.annotations.NullMarked;
