/** Questions to single nodes. */
@NullMarked
package io.coordinator.client.internal.node;

import org.jspecify.annotations.NullMarked;
