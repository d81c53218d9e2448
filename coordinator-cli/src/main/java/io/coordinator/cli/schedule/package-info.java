/** {@code coordinator schedule}: what submits jobs at certain times. */
@NullMarked
package io.coordinator.cli.schedule;

import org.jspecify.annotations.NullMarked;
