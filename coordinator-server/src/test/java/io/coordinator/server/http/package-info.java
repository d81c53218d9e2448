@NullMarked
package io.coordinator.server.http;

import org.jspecify.annotations.NullMarked;
