/**
 * Histories of concurrent operations, sequential models of what they may answer, and the checker that compares the two.
 * Knows nothing of the cluster.
 */
@NullMarked
package io.coordinator.testing.history;

import org.jspecify.annotations.NullMarked;
