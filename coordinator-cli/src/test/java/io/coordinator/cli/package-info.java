@NullMarked
package io.coordinator.cli;

import org.jspecify.annotations.NullMarked;
