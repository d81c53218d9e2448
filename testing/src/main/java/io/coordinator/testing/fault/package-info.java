/** Faults of the network and of processes, made with what any Linux machine has: loopback sockets and signals. */
@NullMarked
package io.coordinator.testing.fault;

import org.jspecify.annotations.NullMarked;
