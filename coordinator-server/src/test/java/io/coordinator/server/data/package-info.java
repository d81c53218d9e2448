@NullMarked
package io.coordinator.server.data;

import org.jspecify.annotations.NullMarked;
