package io.coordinator.client.internal.topic;

import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.SerialExecutor;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.async.UserExecutor;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.topic.AsyncTopics;
import io.coordinator.client.topic.PublishOptions;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicListener;
import io.coordinator.client.topic.TopicMessage;
import io.coordinator.client.topic.TopicSubscription;
import io.coordinator.protocol.PublishMessage;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The topics of one namespace.
 *
 * @param callbacks runs handlers that have no executor of their own
 */
public record TopicCalls(Calls calls, TopicClient client, Executor callbacks, String namespace) implements AsyncTopics {
    public TopicCalls {
        Calls.checkName("namespace", namespace);
    }

    @Override
    public TopicCalls withTimeout(Duration timeout) {
        return new TopicCalls(calls.withTimeout(timeout), client, callbacks, namespace);
    }

    @Override
    public Promise<Integer> publish(String topic, @Nullable Object message, PublishOptions options) {
        Objects.requireNonNull(options, "options");
        return calls.promises().attempt(() -> {
            PublishMessage.Builder body = PublishMessage.newBuilder()
                    .setNamespace(namespace)
                    .setTopic(Calls.checkName("topic", topic))
                    .setValue(calls.json().write(message))
                    .setUndroppable(options.undroppable());
            Promise<Integer> promise = calls.promises().make();
            PublishCall call = new PublishCall(client.publishing(), body, options.counted(), promise);
            client.publishing().admit(call);
            client.publish(call, Times.nanos(calls.timeout()));
            return promise;
        });
    }

    @Override
    public Promise<TopicSubscription> subscribe(String pattern, TopicListener listener, SubscribeOptions options) {
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(options, "options");
        return calls.promises().attempt(() -> {
            LiveTopic topic = new LiveTopic(
                    client,
                    TopicPattern.of(namespace, pattern),
                    options,
                    new ListenerReceiver(listener, options),
                    serial(options, "The handler " + listener.getClass().getName()),
                    calls.promises().make());
            client.subscribe(topic, Times.nanos(calls.timeout()));
            return topic.started();
        });
    }

    /** See {@link io.coordinator.client.topic.Topics#messages(String, SubscribeOptions)}. */
    Flow.Publisher<TopicMessage> messages(String pattern, SubscribeOptions options) {
        return new MessagePublisher(
                this, TopicPattern.of(namespace, pattern), Objects.requireNonNull(options, "options"));
    }

    SerialExecutor serial(SubscribeOptions options, String owner) {
        Executor users = options.executor();
        return new SerialExecutor(users == null ? callbacks : new UserExecutor(users, callbacks), owner);
    }
}
