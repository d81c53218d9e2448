package io.coordinator.client.internal.durable;

import io.coordinator.client.internal.async.Await;
import io.coordinator.client.topic.DurableTopic;
import io.coordinator.client.topic.DurableTopics;
import io.coordinator.client.topic.TopicSummary;
import java.util.List;

/** The durable topics of a namespace for callers that wait. */
public record BlockingDurableTopics(DurableTopicsCalls calls) implements DurableTopics {
    @Override
    public String namespace() {
        return calls.namespace();
    }

    @Override
    public DurableTopic topic(String name) {
        return calls.topic(name).blocking();
    }

    @Override
    public List<TopicSummary> list(String prefix, String after, int limit) {
        return Await.result(calls.list(prefix, after, limit));
    }
}
