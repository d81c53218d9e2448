/** This node's copy of the replicated state, and who may touch it when. */
@NullMarked
package io.coordinator.server.replica;

import org.jspecify.annotations.NullMarked;
