package io.coordinator.client.internal.durable;

import io.coordinator.client.internal.async.Await;
import io.coordinator.client.topic.ConsumerGroup;
import io.coordinator.client.topic.DurableTopic;
import io.coordinator.client.topic.NewMessage;
import io.coordinator.client.topic.RecordListener;
import io.coordinator.client.topic.RecordPage;
import io.coordinator.client.topic.RecordSubscription;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.topic.TopicOptions;
import io.coordinator.client.topic.TopicProducer;
import io.coordinator.client.topic.TopicRecord;
import io.coordinator.client.topic.TopicStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A durable topic for callers that wait. */
record BlockingDurableTopic(DurableTopicCalls calls) implements DurableTopic {
    @Override
    public String namespace() {
        return calls.namespace();
    }

    @Override
    public String name() {
        return calls.name();
    }

    @Override
    public DurableTopic withTimeout(Duration timeout) {
        return new BlockingDurableTopic(calls.withTimeout(timeout));
    }

    @Override
    public long publish(@Nullable Object value) {
        return Await.result(calls.publish(value));
    }

    @Override
    public long publish(String key, @Nullable Object value) {
        return Await.result(calls.publish(key, value));
    }

    @Override
    public List<Long> publishAll(List<NewMessage> messages) {
        return Await.result(calls.publishAll(messages));
    }

    @Override
    public TopicProducer producer(String id) {
        return new BlockingProducer(calls.producer(id));
    }

    @Override
    public RecordPage read(StartAt start, int count) {
        return Await.result(calls.read(start, count));
    }

    @Override
    public RecordSubscription subscribe(StartAt start, RecordListener listener) {
        return calls.subscribe(start, listener);
    }

    @Override
    public Flow.Publisher<TopicRecord> records(StartAt start) {
        return calls.records(start);
    }

    @Override
    public ConsumerGroup group(String name) {
        return new BlockingGroup(calls.group(name));
    }

    @Override
    public boolean configure(TopicOptions options) {
        return Await.result(calls.configure(options));
    }

    @Override
    public boolean create(TopicOptions options) {
        return Await.result(calls.create(options));
    }

    @Override
    public Optional<TopicStatus> inspect() {
        return Await.result(calls.inspect());
    }

    @Override
    public long purge(long beforeOffset) {
        return Await.result(calls.purge(beforeOffset));
    }

    @Override
    public boolean delete() {
        return Await.result(calls.delete());
    }

    @Override
    public long redrive() {
        return Await.result(calls.redrive());
    }

    @Override
    public long redrive(long count) {
        return Await.result(calls.redrive(count));
    }
}
