/** Calls of handlers in other processes, as messages, and the handlers of this one. */
@NullMarked
package io.coordinator.client.internal.rpc;

import org.jspecify.annotations.NullMarked;
