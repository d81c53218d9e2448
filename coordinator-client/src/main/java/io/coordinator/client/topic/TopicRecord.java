package io.coordinator.client.topic;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.error.ValidationException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One message of a durable topic. Immutable. */
public interface TopicRecord {
    String topic();

    /** Its place in the topic, from 1. */
    long offset();

    /** Empty if it has none. */
    String key();

    /** The value as JSON; JSON null for null. */
    JsonNode json();

    /**
     * The value.
     *
     * @return null if it is JSON null
     * @throws ValidationException if it does not fit the type
     */
    <T> @Nullable T value(Class<T> type);

    /** The same for a type with parameters. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // the Jackson type stands for it
    <T> @Nullable T value(JavaType type);

    /**
     * When it was published, by the date of the leader that took it. For people: it is as right as that node's wall
     * clock, but never goes back within a topic.
     */
    Instant publishedAt();

    /** Where it comes from, if it is a dead letter. */
    Optional<DeadLetterOrigin> deadLetter();

    /** How many messages right before this one the reader has missed, since the topic did not keep them; usually 0. */
    long missed();
}
