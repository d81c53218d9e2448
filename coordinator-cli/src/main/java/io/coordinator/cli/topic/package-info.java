/** The commands about topics and consumer groups. */
@NullMarked
package io.coordinator.cli.topic;

import org.jspecify.annotations.NullMarked;
