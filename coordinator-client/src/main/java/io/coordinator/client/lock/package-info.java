/**
 * Locks, semaphores and elections, and what is done while one is held:
 * {@link io.coordinator.client.lock.DistributedLock}.
 */
@NullMarked
package io.coordinator.client.lock;

import org.jspecify.annotations.NullMarked;
