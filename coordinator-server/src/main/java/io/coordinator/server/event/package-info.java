/** What happens on a node, told to whoever embeds it, to its log and to its metrics. */
@NullMarked
package io.coordinator.server.event;

import org.jspecify.annotations.NullMarked;
