package io.coordinator.client.topic;

import io.coordinator.client.error.ConflictException;
import io.coordinator.client.error.ValidationException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Publishes messages that have numbers of their own, each number once (PM-N-2). A program that was stopped while it
 * published starts again at a number that it knows to be safe, say that of the last line that it noted down: what was
 * published before is left out.
 *
 * <p>The cluster knows the last 1,024 numbers of a producer, in whatever order they come, for the topic's
 * {@linkplain TopicOptions#dedupFor time} after its last message.
 */
public interface TopicProducer {
    /** What names it. */
    String id();

    /** The number that the next message without one gets; 1 at first. */
    long sequence();

    /**
     * Sets the number of the next message.
     *
     * @param next from 1
     * @return this
     */
    TopicProducer sequence(long next);

    /**
     * Publishes a message with the next number.
     *
     * @return its offset; empty if a message of this number was published before
     * @throws ConflictException if the number is so far behind the producer's last one that nobody can tell
     */
    OptionalLong publish(@Nullable Object value);

    /**
     * The same for a message with a key.
     *
     * @param key a <a href="../package-summary.html#names">name</a>; empty for none
     */
    OptionalLong publish(String key, @Nullable Object value);

    /**
     * Publishes messages together, with the next numbers: in one entry of the log those that were not published before.
     *
     * @param messages 1 to 1,000
     * @return for each its offset, or empty if it was published before
     * @throws ValidationException if there are none, or more
     */
    List<OptionalLong> publishAll(List<NewMessage> messages);
}
