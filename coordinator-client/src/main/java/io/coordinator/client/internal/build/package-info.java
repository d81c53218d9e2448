/** Builds. */
@NullMarked
package io.coordinator.client.internal.build;

import org.jspecify.annotations.NullMarked;
