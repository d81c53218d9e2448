/**
 * Topics. Messages of {@linkplain io.coordinator.client.topic.Topics ephemeral} ones go to whoever listens; those of
 * {@linkplain io.coordinator.client.topic.DurableTopics durable} ones are kept in the replicated log.
 */
@NullMarked
package io.coordinator.client.topic;

import org.jspecify.annotations.NullMarked;
