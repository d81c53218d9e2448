/** What every command shares: streams, options, exit codes, formats, failures. */
@NullMarked
package io.coordinator.cli.console;

import org.jspecify.annotations.NullMarked;
