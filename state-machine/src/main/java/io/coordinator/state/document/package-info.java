/** Documents: JSON values that are edited in place. */
@NullMarked
package io.coordinator.state.document;

import org.jspecify.annotations.NullMarked;
