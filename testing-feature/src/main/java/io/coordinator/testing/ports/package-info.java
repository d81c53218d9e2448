/** Ports for servers of tests. */
@NullMarked
package io.coordinator.testing.ports;

import org.jspecify.annotations.NullMarked;
