package io.coordinator.client.internal.durable;

import io.coordinator.client.internal.async.Await;
import io.coordinator.client.topic.ConsumeOptions;
import io.coordinator.client.topic.ConsumerGroup;
import io.coordinator.client.topic.Delivery;
import io.coordinator.client.topic.DeliveryHandler;
import io.coordinator.client.topic.GroupConsumer;
import io.coordinator.client.topic.GroupOptions;
import io.coordinator.client.topic.GroupStatus;
import io.coordinator.client.topic.StartAt;
import java.util.Optional;
import java.util.concurrent.Flow;

/** A consumer group for callers that wait. */
record BlockingGroup(GroupCalls calls) implements ConsumerGroup {
    @Override
    public String topic() {
        return calls.topic();
    }

    @Override
    public String name() {
        return calls.name();
    }

    @Override
    public boolean configure(GroupOptions options, StartAt start) {
        return Await.result(calls.configure(options, start));
    }

    @Override
    public long seek(StartAt start) {
        return Await.result(calls.seek(start));
    }

    @Override
    public Optional<GroupStatus> inspect() {
        return Await.result(calls.inspect());
    }

    @Override
    public boolean delete() {
        return Await.result(calls.delete());
    }

    @Override
    public GroupConsumer consume(DeliveryHandler handler, ConsumeOptions options) {
        return calls.consume(handler, options);
    }

    @Override
    public Flow.Publisher<Delivery> deliveries(ConsumeOptions options) {
        return calls.deliveries(options);
    }
}
