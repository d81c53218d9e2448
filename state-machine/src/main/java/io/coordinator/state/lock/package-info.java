/** Locks: exclusive or shared, one or several at once, fenced, with waiters in order of arrival. */
@NullMarked
package io.coordinator.state.lock;

import org.jspecify.annotations.NullMarked;
