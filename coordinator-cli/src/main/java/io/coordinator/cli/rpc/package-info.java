/** The commands that call handlers in other processes, and that serve calls by running a program. */
@NullMarked
package io.coordinator.cli.rpc;

import org.jspecify.annotations.NullMarked;
