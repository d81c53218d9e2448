package io.coordinator.client.topic;

import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.ValidationException;
import java.time.Duration;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Ephemeral topics of one namespace: messages to whoever listens now, at most once. They pass through the leader's
 * memory and are not kept: what is published while a subscriber is not connected never reaches it.
 *
 * <p><b>Patterns.</b> A pattern that ends with {@code *} matches every topic that begins with what is before it; alone,
 * {@code *} matches all. Anywhere else it is a character like others. A topic is a <a
 * href="../package-summary.html#names">name</a> and needs not be created. The topic {@code orders.*} is matched by the
 * pattern {@code orders.*}, as others that begin alike.
 *
 * <p><b>Order.</b> All subscribers hear the messages of one topic in one order, also those of several publishers. Those
 * of one publisher keep the order of its calls.
 *
 * <p><b>Gaps.</b> Messages are missed while there is no connection, and dropped for who does not keep up; {@link
 * SubscribeOptions#onGap} hears of both. No message comes twice.
 *
 * <p>Guards do not apply to topics.
 */
public interface Topics {
    /** The namespace of all topics here. */
    String namespace();

    /**
     * The same topics, with another time for each call.
     *
     * @param timeout more than 0, in milliseconds rounded up
     * @throws ValidationException if it is 0 or less
     */
    Topics withTimeout(Duration timeout);

    /** As {@link #publish(String, Object, PublishOptions)}, counted. */
    default int publish(String topic, @Nullable Object message) {
        return publish(topic, message, PublishOptions.defaults());
    }

    /**
     * Publishes a message to all who are subscribed now, this client included.
     *
     * @param topic a <a href="../package-summary.html#names">name</a>
     * @param message written as JSON by the client's mapper; null is JSON null
     * @return to how many sessions it goes, one for each however many subscriptions of it match; those that dropped it,
     *     being too far behind, are not counted. 0 if it is not counted
     * @throws ValidationException if the topic is no name, or the mapper cannot write the message
     * @throws PayloadTooLargeException if it is larger than the cluster's limit of values, 1 MiB unless configured
     *     otherwise
     * @throws ThrottledException if too much waits to be published; publish less at once, or wait for answers
     * @throws RequestTimeoutException if the leader has not answered in time; the message may have been delivered, or
     *     may yet be
     * @throws DisconnectedException if the connection was lost before the answer; the message may have been delivered.
     *     It is not sent again: whoever can bear to see it twice publishes it again
     * @throws ClosedException if the client is closed
     */
    int publish(String topic, @Nullable Object message, PublishOptions options);

    /** As {@link #subscribe(String, TopicListener, SubscribeOptions)}, with the default options. */
    default TopicSubscription subscribe(String pattern, TopicListener listener) {
        return subscribe(pattern, listener, SubscribeOptions.defaults());
    }

    /**
     * Subscribes, and returns when the leader has confirmed it: every message that is published after that is heard,
     * unless it is in a gap.
     *
     * @param pattern a topic, or what topics begin with and {@code *}
     * @throws ValidationException if the pattern is no <a href="../package-summary.html#names">name</a>
     * @throws ThrottledException if this session or the node has as many subscriptions as it may
     * @throws PayloadTooLargeException if the pattern is too long
     * @throws RequestTimeoutException if the leader has not confirmed it in time; there is no subscription then
     * @throws ClosedException if the client is closed
     */
    TopicSubscription subscribe(String pattern, TopicListener listener, SubscribeOptions options);

    /** As {@link #messages(String, SubscribeOptions)}, with the default options. */
    default Flow.Publisher<TopicMessage> messages(String pattern) {
        return messages(pattern, SubscribeOptions.defaults());
    }

    /**
     * Messages for subscribers that say how many they want (reactive streams). Each subscriber has a subscription of
     * its own, which begins some time after {@code onSubscribe}. What it does not want yet waits in its buffer; what
     * finds no room there is dropped, and told as a gap. If the subscription ends, it is told why by {@code onError}.
     * If the subscriber throws, that is logged and its subscription is cancelled. If it requests less than 1, its
     * subscription ends with {@link IllegalArgumentException}.
     *
     * @param pattern as for {@link #subscribe(String, TopicListener, SubscribeOptions)}
     * @throws ValidationException if the pattern is no name
     */
    Flow.Publisher<TopicMessage> messages(String pattern, SubscribeOptions options);
}
