package io.coordinator.client.topic;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@link Topics} with stages instead of blocking calls. Every failure comes by the stage. */
public interface AsyncTopics {
    /** See {@link Topics#namespace()}. */
    String namespace();

    /** See {@link Topics#withTimeout(Duration)}. */
    AsyncTopics withTimeout(Duration timeout);

    /** See {@link Topics#publish(String, Object)}. */
    default CompletionStage<Integer> publish(String topic, @Nullable Object message) {
        return publish(topic, message, PublishOptions.defaults());
    }

    /** See {@link Topics#publish(String, Object, PublishOptions)}. */
    CompletionStage<Integer> publish(String topic, @Nullable Object message, PublishOptions options);

    /** See {@link Topics#subscribe(String, TopicListener)}. */
    default CompletionStage<TopicSubscription> subscribe(String pattern, TopicListener listener) {
        return subscribe(pattern, listener, SubscribeOptions.defaults());
    }

    /**
     * See {@link Topics#subscribe(String, TopicListener, SubscribeOptions)}. The listener can hear messages before the
     * stage completes; cancelling the stage takes the subscription back.
     */
    CompletionStage<TopicSubscription> subscribe(String pattern, TopicListener listener, SubscribeOptions options);
}
