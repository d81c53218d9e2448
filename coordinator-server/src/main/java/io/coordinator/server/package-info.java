/** A node of the cluster: wiring and entry points. */
@NullMarked
package io.coordinator.server;

import org.jspecify.annotations.NullMarked;
