/** The server's configuration: one list of keys, and how files, environment and flags set them. */
@NullMarked
package io.coordinator.server.config;

import org.jspecify.annotations.NullMarked;
