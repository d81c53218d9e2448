package io.coordinator.server.topic;

/**
 * What bounds ephemeral topics on one node.
 *
 * @param softLimitBytes a stream that has so much waiting gets nothing more until it takes something
 * @param hardLimitBytes a stream that is so far behind ends
 * @param memoryBytes the heap that all waiting messages may take, each counted once
 * @param slowConsumerMillis how long a client may take nothing of what it is sent
 * @param streamsMax streams of this node
 * @param subscriptionsPerStream subscriptions of one stream
 * @param subscriptionsMax subscriptions of this node
 * @param subscriptionsBytes the heap that they may take, as estimated
 */
public record TopicSettings(
        long softLimitBytes,
        long hardLimitBytes,
        long memoryBytes,
        long slowConsumerMillis,
        int streamsMax,
        int subscriptionsPerStream,
        int subscriptionsMax,
        long subscriptionsBytes) {}
