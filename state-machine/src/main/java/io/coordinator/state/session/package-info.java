/** Sessions: exactly-once replies and events that wait to be acknowledged. */
@NullMarked
package io.coordinator.state.session;

import org.jspecify.annotations.NullMarked;
