@NullMarked
package io.coordinator.server.session;

import org.jspecify.annotations.NullMarked;
