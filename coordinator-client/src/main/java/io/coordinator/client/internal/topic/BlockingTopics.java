package io.coordinator.client.internal.topic;

import io.coordinator.client.internal.async.Await;
import io.coordinator.client.topic.PublishOptions;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicListener;
import io.coordinator.client.topic.TopicMessage;
import io.coordinator.client.topic.TopicSubscription;
import io.coordinator.client.topic.Topics;
import java.time.Duration;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The topics of one namespace for callers that wait. */
public record BlockingTopics(TopicCalls calls) implements Topics {
    @Override
    public String namespace() {
        return calls.namespace();
    }

    @Override
    public Topics withTimeout(Duration timeout) {
        return new BlockingTopics(calls.withTimeout(timeout));
    }

    @Override
    public int publish(String topic, @Nullable Object message, PublishOptions options) {
        return Await.result(calls.publish(topic, message, options));
    }

    @Override
    public TopicSubscription subscribe(String pattern, TopicListener listener, SubscribeOptions options) {
        return Await.result(calls.subscribe(pattern, listener, options));
    }

    @Override
    public Flow.Publisher<TopicMessage> messages(String pattern, SubscribeOptions options) {
        return calls.messages(pattern, options);
    }
}
