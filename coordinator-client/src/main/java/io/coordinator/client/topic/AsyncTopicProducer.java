package io.coordinator.client.topic;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@link TopicProducer} with stages instead of blocking calls. Numbers are given in the order of the calls. */
public interface AsyncTopicProducer {
    /** See {@link TopicProducer#id}. */
    String id();

    /** See {@link TopicProducer#sequence()}. */
    long sequence();

    /** See {@link TopicProducer#sequence(long)}. */
    AsyncTopicProducer sequence(long next);

    /** See {@link TopicProducer#publish(Object)}. */
    CompletionStage<OptionalLong> publish(@Nullable Object value);

    /** See {@link TopicProducer#publish(String, Object)}. */
    CompletionStage<OptionalLong> publish(String key, @Nullable Object value);

    /** See {@link TopicProducer#publishAll}. */
    CompletionStage<List<OptionalLong>> publishAll(List<NewMessage> messages);
}
