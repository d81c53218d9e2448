/** Jobs as messages, and the workers that do them. */
@NullMarked
package io.coordinator.client.internal.job;

import org.jspecify.annotations.NullMarked;
