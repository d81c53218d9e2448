package io.coordinator.client.internal.durable;

import io.coordinator.client.internal.async.Await;
import io.coordinator.client.topic.NewMessage;
import io.coordinator.client.topic.TopicProducer;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A producer for callers that wait. */
record BlockingProducer(ProducerCalls calls) implements TopicProducer {
    @Override
    public String id() {
        return calls.id();
    }

    @Override
    public long sequence() {
        return calls.sequence();
    }

    @Override
    public TopicProducer sequence(long next) {
        var unused = calls.sequence(next);
        return this;
    }

    @Override
    public OptionalLong publish(@Nullable Object value) {
        return Await.result(calls.publish(value));
    }

    @Override
    public OptionalLong publish(String key, @Nullable Object value) {
        return Await.result(calls.publish(key, value));
    }

    @Override
    public List<OptionalLong> publishAll(List<NewMessage> messages) {
        return Await.result(calls.publishAll(messages));
    }
}
