/** Documents. */
@NullMarked
package io.coordinator.client.internal.document;

import org.jspecify.annotations.NullMarked;
