package io.coordinator.client.topic;

import java.util.List;

/**
 * A durable topic as it is.
 *
 * @param summary its numbers
 * @param options what it keeps
 * @param groups its consumer groups
 */
public record TopicStatus(TopicSummary summary, TopicOptions options, List<GroupSummary> groups) {}
