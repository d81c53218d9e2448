package io.coordinator.client.internal.durable;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.topic.NewMessage;
import io.coordinator.protocol.PublishMessages;
import java.util.List;

/** Messages that are to be published. */
public final class MessageBatches {
    private static final int MESSAGES_MAX = 1_000;

    private MessageBatches() {}

    /**
     * As a message.
     *
     * @throws ValidationException if there are none or too many, or one cannot be written as JSON
     */
    public static PublishMessages.Builder of(List<NewMessage> messages, JsonCodec json) {
        if (messages.isEmpty() || messages.size() > MESSAGES_MAX) {
            throw new ValidationException(
                    "1 to " + MESSAGES_MAX + " messages are published together, but there are " + messages.size());
        }
        PublishMessages.Builder publish = PublishMessages.newBuilder();
        for (NewMessage message : messages) {
            publish.addMessages(io.coordinator.protocol.NewMessage.newBuilder()
                    .setKey(message.key())
                    .setValue(json.write(message.value())));
        }
        return publish;
    }
}
