/**
 * Values under keys: {@link io.coordinator.client.cache.Cache}.
 */
@NullMarked
package io.coordinator.client.cache;

import org.jspecify.annotations.NullMarked;
