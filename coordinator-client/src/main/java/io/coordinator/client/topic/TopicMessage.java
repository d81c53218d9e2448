package io.coordinator.client.topic;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.error.ValidationException;
import org.jspecify.annotations.Nullable;

/** A message of an ephemeral topic. Immutable. */
public interface TopicMessage {
    /** The topic that it was published to; never a pattern. */
    String topic();

    /** The term of the leader that it passed through; rises with each leader. */
    long epoch();

    /** Its number there, from 1: of two messages of one epoch the later one has the higher number. It has gaps. */
    long sequence();

    /** The session that published it; see {@code CoordinatorClient.sessionId()} for one's own. */
    long publisher();

    /** The JSON as it was published; never null, but perhaps JSON null. */
    JsonNode json();

    /**
     * The value, read by the client's mapper.
     *
     * @return null for JSON null
     * @throws ValidationException if the JSON does not fit the type
     */
    <T> @Nullable T value(Class<T> type);
}
