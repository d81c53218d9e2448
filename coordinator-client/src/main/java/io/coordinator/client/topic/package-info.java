/**
 * Ephemeral topics: {@link io.coordinator.client.topic.Topics}.
 */
@NullMarked
package io.coordinator.client.topic;

import org.jspecify.annotations.NullMarked;
