/** Locks. */
@NullMarked
package io.coordinator.client.internal.lock;

import org.jspecify.annotations.NullMarked;
