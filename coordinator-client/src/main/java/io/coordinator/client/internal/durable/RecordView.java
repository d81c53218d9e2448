package io.coordinator.client.internal.durable;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.topic.DeadLetterOrigin;
import io.coordinator.client.topic.TopicRecord;
import io.coordinator.protocol.DeadLetter;
import io.coordinator.protocol.StoredMessage;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A stored message as users see it; its value is read when it is asked for. */
record RecordView(String topic, StoredMessage message, long missed, JsonCodec codec) implements TopicRecord {
    @Override
    public long offset() {
        return message.getOffset();
    }

    @Override
    public String key() {
        return message.getKey();
    }

    @Override
    public JsonNode json() {
        return codec.read(message.getValue());
    }

    @Override
    public <T> @Nullable T value(Class<T> type) {
        return codec.read(message.getValue(), codec.type(type));
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // the Jackson type stands for it
    public <T> @Nullable T value(JavaType type) {
        return codec.read(message.getValue(), type);
    }

    @Override
    public Instant publishedAt() {
        return Instant.ofEpochMilli(message.getDateMillis());
    }

    @Override
    public Optional<DeadLetterOrigin> deadLetter() {
        if (!message.hasDeadLetter()) {
            return Optional.empty();
        }
        DeadLetter letter = message.getDeadLetter();
        return Optional.of(new DeadLetterOrigin(
                letter.getTopic(), letter.getGroup(), letter.getOffset(), letter.getAttempts(), letter.getReason()));
    }

    /** The value may be large. */
    @Override
    public String toString() {
        return "record " + offset() + " of topic " + topic;
    }
}
