@NullMarked
package io.coordinator.cli.holders;

import org.jspecify.annotations.NullMarked;
