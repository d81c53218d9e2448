package io.coordinator.client.topic;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** {@link DurableTopic} with stages instead of blocking calls. */
public interface AsyncDurableTopic {
    /** See {@link DurableTopic#namespace}. */
    String namespace();

    /** See {@link DurableTopic#name}. */
    String name();

    /** See {@link DurableTopic#withTimeout}. */
    AsyncDurableTopic withTimeout(Duration timeout);

    /** See {@link DurableTopic#publish(Object)}. Messages are published in the order of the calls. */
    CompletionStage<Long> publish(@Nullable Object value);

    /** See {@link DurableTopic#publish(String, Object)}. */
    CompletionStage<Long> publish(String key, @Nullable Object value);

    /** See {@link DurableTopic#publishAll}. */
    CompletionStage<List<Long>> publishAll(List<NewMessage> messages);

    /** See {@link DurableTopic#producer}. */
    AsyncTopicProducer producer(String id);

    /** See {@link DurableTopic#read}. */
    CompletionStage<RecordPage> read(StartAt start, int count);

    /** See {@link DurableTopic#subscribe}. */
    RecordSubscription subscribe(StartAt start, RecordListener listener);

    /** See {@link DurableTopic#records}. */
    Flow.Publisher<TopicRecord> records(StartAt start);

    /** See {@link DurableTopic#group}. */
    AsyncConsumerGroup group(String name);

    /** See {@link DurableTopic#configure}. */
    CompletionStage<Boolean> configure(TopicOptions options);

    /** See {@link DurableTopic#create}. */
    CompletionStage<Boolean> create(TopicOptions options);

    /** See {@link DurableTopic#inspect}. */
    CompletionStage<Optional<TopicStatus>> inspect();

    /** See {@link DurableTopic#purge}. */
    CompletionStage<Long> purge(long beforeOffset);

    /** See {@link DurableTopic#delete}. */
    CompletionStage<Boolean> delete();

    /** See {@link DurableTopic#redrive()}. */
    CompletionStage<Long> redrive();

    /** See {@link DurableTopic#redrive(long)}. */
    CompletionStage<Long> redrive(long count);
}
