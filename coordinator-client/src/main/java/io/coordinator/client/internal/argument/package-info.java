/**
 * Checks of what callers give.
 */
@NullMarked
package io.coordinator.client.internal.argument;

import org.jspecify.annotations.NullMarked;
