/** The session: sequence numbers, resends, events, leases, and the search for the leader. */
@NullMarked
package io.coordinator.client.internal.session;

import org.jspecify.annotations.NullMarked;
