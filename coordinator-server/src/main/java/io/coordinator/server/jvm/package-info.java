/** The JVM that a server runs in. */
@NullMarked
package io.coordinator.server.jvm;

import org.jspecify.annotations.NullMarked;
