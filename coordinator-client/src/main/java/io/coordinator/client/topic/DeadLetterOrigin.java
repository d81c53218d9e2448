package io.coordinator.client.topic;

/**
 * Where a dead letter comes from.
 *
 * @param topic the topic in which it was published
 * @param group that failed with it
 * @param offset in that topic
 * @param attempts how often it was delivered
 * @param reason of the last failure; empty if nobody told one
 */
public record DeadLetterOrigin(String topic, String group, long offset, int attempts, String reason) {}
