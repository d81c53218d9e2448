@NullMarked
package io.coordinator.cli.job;

import org.jspecify.annotations.NullMarked;
