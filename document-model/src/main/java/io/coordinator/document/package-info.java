/** JSON values that are never changed, and edits of them as pure functions. */
@NullMarked
package io.coordinator.document;

import org.jspecify.annotations.NullMarked;
