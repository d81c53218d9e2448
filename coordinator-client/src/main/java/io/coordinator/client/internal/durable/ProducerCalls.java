package io.coordinator.client.internal.durable;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.topic.AsyncTopicProducer;
import io.coordinator.client.topic.NewMessage;
import io.coordinator.protocol.PublishMessages;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A producer that numbers its messages. */
final class ProducerCalls implements AsyncTopicProducer {
    private final DurableTopicCalls topic;
    private final String id;
    private long next = 1;

    ProducerCalls(DurableTopicCalls topic, String id) {
        this.topic = topic;
        this.id = id;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public synchronized long sequence() {
        return next;
    }

    @Override
    public synchronized ProducerCalls sequence(long newNext) {
        Arguments.positive("sequence", newNext);
        next = newNext;
        return this;
    }

    @Override
    public Promise<OptionalLong> publish(@Nullable Object value) {
        return publish("", value);
    }

    @Override
    public Promise<OptionalLong> publish(String key, @Nullable Object value) {
        return send(() -> List.of(new NewMessage(key, value)), offsets -> offset(offsets.get(0)));
    }

    @Override
    public Promise<List<OptionalLong>> publishAll(List<NewMessage> messages) {
        return send(
                () -> messages,
                offsets -> offsets.stream().map(ProducerCalls::offset).toList());
    }

    private static OptionalLong offset(long told) {
        return told == 0 ? OptionalLong.empty() : OptionalLong.of(told);
    }

    /** Numbers are given in the order of submission, and none to what cannot be written. */
    private synchronized <T> Promise<T> send(
            java.util.function.Supplier<List<NewMessage>> messages, Function<List<Long>, T> decoder) {
        return topic.calls().promises().attempt(() -> {
            PublishMessages.Builder publish =
                    MessageBatches.of(messages.get(), topic.calls().json());
            int count = publish.getMessagesCount();
            if (next > Long.MAX_VALUE - count) {
                throw new ValidationException("the producer's numbers are used up; use another id");
            }
            publish.setProducer(id).setSequence(next);
            Promise<T> sent = topic.send(() -> publish, decoder);
            next += count;
            return sent;
        });
    }
}
