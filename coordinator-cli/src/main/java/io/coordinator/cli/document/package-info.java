/** {@code coordinator doc}: JSON documents. */
@NullMarked
package io.coordinator.cli.document;

import org.jspecify.annotations.NullMarked;
