@NullMarked
package io.coordinator.cli.demo;

import org.jspecify.annotations.NullMarked;
