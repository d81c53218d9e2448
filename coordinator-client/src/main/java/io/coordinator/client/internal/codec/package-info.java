/** JSON values, and errors as exceptions. */
@NullMarked
package io.coordinator.client.internal.codec;

import org.jspecify.annotations.NullMarked;
