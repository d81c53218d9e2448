@NullMarked
package io.coordinator.cli.lock;

import org.jspecify.annotations.NullMarked;
