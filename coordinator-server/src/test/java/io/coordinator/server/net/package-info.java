@NullMarked
package io.coordinator.server.net;

import org.jspecify.annotations.NullMarked;
