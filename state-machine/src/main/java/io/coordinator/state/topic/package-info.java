/** Durable topics: messages in order, who reads them by offset, and groups whose members share them. */
@NullMarked
package io.coordinator.state.topic;

import org.jspecify.annotations.NullMarked;
