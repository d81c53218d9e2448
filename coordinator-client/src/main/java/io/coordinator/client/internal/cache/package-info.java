/** The cache. */
@NullMarked
package io.coordinator.client.internal.cache;

import org.jspecify.annotations.NullMarked;
