/** Workers of any kind: registered over all sessions of a client, and handlers that are run, stopped and drained. */
@NullMarked
package io.coordinator.client.internal.work;

import org.jspecify.annotations.NullMarked;
