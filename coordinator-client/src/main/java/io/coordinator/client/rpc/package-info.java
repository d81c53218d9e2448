/**
 * Calls of handlers in other processes: {@link io.coordinator.client.rpc.Rpc}.
 */
@NullMarked
package io.coordinator.client.rpc;

import org.jspecify.annotations.NullMarked;
