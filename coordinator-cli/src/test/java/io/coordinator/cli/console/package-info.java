@NullMarked
package io.coordinator.cli.console;

import org.jspecify.annotations.NullMarked;
