@NullMarked
package io.coordinator.server.disk;

import org.jspecify.annotations.NullMarked;
