/** Health probes and metrics over HTTP. */
@NullMarked
package io.coordinator.server.http;

import org.jspecify.annotations.NullMarked;
