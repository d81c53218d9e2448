/**
 * A client that keeps to no rule: raw frames, generated messages, and programs that are known to have hurt a cluster.
 */
@NullMarked
package io.coordinator.testing.hostile;

import org.jspecify.annotations.NullMarked;
