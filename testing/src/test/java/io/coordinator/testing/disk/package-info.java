/** What a disk has of what was done to it. */
@NullMarked
package io.coordinator.testing.disk;

import org.jspecify.annotations.NullMarked;
