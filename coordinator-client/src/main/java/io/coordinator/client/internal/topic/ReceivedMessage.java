package io.coordinator.client.internal.topic;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.topic.TopicMessage;
import io.coordinator.protocol.PublishedMessage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A message as it came; its JSON is read when somebody asks for it. */
record ReceivedMessage(PublishedMessage message, JsonCodec codec) implements TopicMessage {
    /** What a message takes besides its value. */
    private static final int OVERHEAD = 200;

    int size() {
        return message.getValue().size() + OVERHEAD;
    }

    @Override
    public String topic() {
        return message.getTopic();
    }

    @Override
    public long epoch() {
        return message.getEpoch();
    }

    @Override
    public long sequence() {
        return message.getSequence();
    }

    @Override
    public long publisher() {
        return message.getPublisher();
    }

    @Override
    public JsonNode json() {
        return codec.read(message.getValue());
    }

    @Override
    public <T> @Nullable T value(Class<T> type) {
        return codec.read(message.getValue(), codec.type(Objects.requireNonNull(type, "type")));
    }
}
