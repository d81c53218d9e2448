/**
 * Topics. Durable ones are kept in the replicated log and have offsets, replay and consumer groups.
 */
@NullMarked
package io.coordinator.client.topic;

import org.jspecify.annotations.NullMarked;
