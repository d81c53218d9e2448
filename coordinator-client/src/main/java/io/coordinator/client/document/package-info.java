/**
 * JSON documents that are edited in place: {@link io.coordinator.client.document.Documents}.
 */
@NullMarked
package io.coordinator.client.document;

import org.jspecify.annotations.NullMarked;
