/** {@code coordinator lock}: a command that runs only while a lock is held. */
@NullMarked
package io.coordinator.cli.lock;

import org.jspecify.annotations.NullMarked;
