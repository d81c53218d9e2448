/** Locks: exclusive, fenced, session-bound or with a ttl, with waiters in order of arrival. */
@NullMarked
package io.coordinator.state.lock;

import org.jspecify.annotations.NullMarked;
