package io.coordinator.client.topic;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** {@link ConsumerGroup} with stages instead of blocking calls. */
public interface AsyncConsumerGroup {
    /** See {@link ConsumerGroup#topic}. */
    String topic();

    /** See {@link ConsumerGroup#name}. */
    String name();

    /** See {@link ConsumerGroup#configure}. */
    CompletionStage<Boolean> configure(GroupOptions options, StartAt start);

    /** See {@link ConsumerGroup#seek}. */
    CompletionStage<Long> seek(StartAt start);

    /** See {@link ConsumerGroup#inspect}. */
    CompletionStage<Optional<GroupStatus>> inspect();

    /** See {@link ConsumerGroup#delete}. */
    CompletionStage<Boolean> delete();

    /** See {@link ConsumerGroup#consume(DeliveryHandler, ConsumeOptions)}. */
    GroupConsumer consume(DeliveryHandler handler, ConsumeOptions options);

    /** See {@link ConsumerGroup#consume(DeliveryHandler)}. */
    default GroupConsumer consume(DeliveryHandler handler) {
        return consume(handler, ConsumeOptions.defaults());
    }

    /** See {@link ConsumerGroup#deliveries}. */
    Flow.Publisher<Delivery> deliveries(ConsumeOptions options);
}
