@NullMarked
package io.coordinator.server.backup;

import org.jspecify.annotations.NullMarked;
