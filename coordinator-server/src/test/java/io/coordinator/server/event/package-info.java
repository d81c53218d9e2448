/** Tests of what a node tells its listener. */
@NullMarked
package io.coordinator.server.event;

import org.jspecify.annotations.NullMarked;
