/** What a process did to its files, as {@code strace} saw it, and what of it is certainly on the disk. */
@NullMarked
package io.coordinator.testing.disk;

import org.jspecify.annotations.NullMarked;
