/** Copies of results near the caller. */
@NullMarked
package io.coordinator.client.internal.near;

import org.jspecify.annotations.NullMarked;
