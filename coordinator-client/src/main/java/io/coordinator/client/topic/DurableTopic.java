package io.coordinator.client.topic;

import io.coordinator.client.error.ConflictException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.ValidationException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One durable topic. A topic is made by the first message, with {@linkplain TopicOptions#defaults default options}, or
 * by {@link #configure}.
 */
public interface DurableTopic {
    String namespace();

    String name();

    /**
     * The same topic, with another timeout for each call.
     *
     * @param timeout more than 0, in milliseconds rounded up
     * @throws ValidationException if it is 0 or less
     */
    DurableTopic withTimeout(Duration timeout);

    // ---- publishing ----

    /**
     * Publishes a message: when this returns, it is committed, and every reader and group will get it.
     *
     * @param value anything that the client's mapper writes as JSON
     * @return its offset, from 1
     * @throws ThrottledException if the topic is full and refuses new messages; try again when it says
     * @throws PayloadTooLargeException if the message is larger than the cluster or the topic takes
     */
    long publish(@Nullable Object value);

    /**
     * Publishes a message with a key. Groups that are {@linkplain GroupOptions#orderedByKey ordered by key} handle the
     * messages of one key in order.
     *
     * @param key a <a href="../package-summary.html#names">name</a>; empty for none
     */
    long publish(String key, @Nullable Object value);

    /**
     * Publishes messages together: all of them in one entry of the log, or none.
     *
     * @param messages 1 to 1,000
     * @return their offsets, which follow each other
     * @throws ValidationException if there are none, or more
     */
    List<Long> publishAll(List<NewMessage> messages);

    /**
     * A producer whose repeated messages are known as such and published once, also after it was started anew (PM-N-2).
     * Asks the cluster nothing.
     *
     * @param id names the producer; one that nobody else uses. A <a href="../package-summary.html#names">name</a>
     */
    TopicProducer producer(String id);

    // ---- reading ----

    /**
     * Reads what there is.
     *
     * @param count at most so many messages, from 1 to 10,000; fewer come if they are large
     */
    RecordPage read(StartAt start, int count);

    /**
     * Reads from a place on, and goes on with what is published, until the subscription is closed. It survives
     * reconnects and new leaders with neither a gap nor a repetition. What the topic no longer keeps is told as a
     * {@linkplain RecordListener#onGap gap}.
     *
     * @param listener runs on the client's callback executor, one call at a time
     */
    RecordSubscription subscribe(StartAt start, RecordListener listener);

    /**
     * The same for subscribers that say how many they want (reactive streams). What they do not want yet waits in the
     * cluster. Each subscriber begins at the start anew. {@link TopicRecord#missed} tells of gaps. If a subscriber
     * throws, that is logged and its subscription is cancelled. If it requests less than 1, its subscription ends with
     * {@link IllegalArgumentException}.
     */
    Flow.Publisher<TopicRecord> records(StartAt start);

    /**
     * A group of consumers that share the topic's messages; asks the cluster nothing.
     *
     * @param name a <a href="../package-summary.html#names">name</a>
     */
    ConsumerGroup group(String name);

    // ---- the topic itself ----

    /**
     * Makes the topic, or gives it other options.
     *
     * @return whether it was made
     */
    boolean configure(TopicOptions options);

    /**
     * Makes the topic if it is not there.
     *
     * @return whether it was made; false if it is there with the same options
     * @throws ConflictException if it is there with others
     */
    boolean create(TopicOptions options);

    /** What there is of it; empty if there is no such topic. */
    Optional<TopicStatus> inspect();

    /**
     * Forgets messages for good.
     *
     * @param beforeOffset the first one that stays; 0 forgets all there are
     * @return the first offset that is kept, or the next one to be given
     */
    long purge(long beforeOffset);

    /** Forgets the topic with its messages and groups; false if there is no such topic. */
    boolean delete();

    /**
     * Where this is a topic of dead letters, publishes them again: each in the topic from which it came, for the group
     * alone that failed with it. Each dead letter is redriven once.
     *
     * @return how many
     */
    long redrive();

    /**
     * As {@link #redrive()}.
     *
     * @param count at most so many, from 1
     */
    long redrive(long count);
}
