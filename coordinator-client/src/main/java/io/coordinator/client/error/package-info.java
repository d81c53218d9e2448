/**
 * What can go wrong. Every exception is a {@link io.coordinator.client.error.CoordinatorException}, and says by its
 * {@link io.coordinator.client.error.ErrorCode} what happened and by its message what to do.
 */
@NullMarked
package io.coordinator.client.error;

import org.jspecify.annotations.NullMarked;
