/** The subcommands that ask a running cluster, run a node, or describe the command itself. */
@NullMarked
package io.coordinator.cli.command;

import org.jspecify.annotations.NullMarked;
