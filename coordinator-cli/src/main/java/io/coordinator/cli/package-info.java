/** The {@code coordinator} command: the tree of its subcommands and the process around it. */
@NullMarked
package io.coordinator.cli;

import org.jspecify.annotations.NullMarked;
