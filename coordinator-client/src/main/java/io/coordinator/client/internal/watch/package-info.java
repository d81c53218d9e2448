/** Watches. */
@NullMarked
package io.coordinator.client.internal.watch;

import org.jspecify.annotations.NullMarked;
