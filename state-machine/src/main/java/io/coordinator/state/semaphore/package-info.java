/** Counting semaphores: permits of sessions, with waiters in order of arrival. */
@NullMarked
package io.coordinator.state.semaphore;

import org.jspecify.annotations.NullMarked;
