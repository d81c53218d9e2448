package io.coordinator.client.topic;

import java.util.List;

/**
 * A durable topic as it is.
 *
 * @param summary its numbers
 * @param options what it keeps; what was left to the cluster's configuration is as that says at present
 * @param groups its consumer groups
 */
public record TopicStatus(TopicSummary summary, TopicOptions options, List<GroupSummary> groups) {}
