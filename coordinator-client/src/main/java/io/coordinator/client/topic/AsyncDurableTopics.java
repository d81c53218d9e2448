package io.coordinator.client.topic;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@link DurableTopics} with stages instead of blocking calls. */
public interface AsyncDurableTopics {
    /** See {@link DurableTopics#namespace}. */
    String namespace();

    /** See {@link DurableTopics#topic}. */
    AsyncDurableTopic topic(String name);

    /** See {@link DurableTopics#list()}. */
    default CompletionStage<List<TopicSummary>> list() {
        return list("", "", 1_000);
    }

    /** See {@link DurableTopics#list(String, String, int)}. */
    CompletionStage<List<TopicSummary>> list(String prefix, String after, int limit);
}
