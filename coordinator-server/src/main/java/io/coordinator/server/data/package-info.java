/**
 * A node's data directory: who may use it, whose it is, and what can be seen and done in it while the node does not
 * run.
 */
@NullMarked
package io.coordinator.server.data;

import org.jspecify.annotations.NullMarked;
