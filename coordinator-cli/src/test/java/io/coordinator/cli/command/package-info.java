@NullMarked
package io.coordinator.cli.command;

import org.jspecify.annotations.NullMarked;
