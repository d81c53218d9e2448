package io.coordinator.client.topic;

import io.coordinator.client.error.ValidationException;
import java.util.Optional;
import java.util.concurrent.Flow;

/**
 * Consumers, in any number of processes, that share the messages of a durable topic (B-25). The cluster leases each
 * message to one member. A member that acknowledges it ends that; one that fails with it, takes too long or dies loses
 * it, and another one gets it. So every message is handled at least once.
 *
 * <p>A group is made by {@link #configure}, or by its first member with {@linkplain GroupOptions#defaults default
 * options} at the end of the topic.
 */
public interface ConsumerGroup {
    String topic();

    String name();

    /**
     * Makes the group, or gives it other options; one that is there keeps its place.
     *
     * @param start where a new group begins
     * @return whether it was made
     */
    boolean configure(GroupOptions options, StartAt start);

    /**
     * Has the group begin somewhere else, with the options that it has. What was delivered and not acknowledged is
     * taken back: an acknowledgement of it is too late.
     *
     * @return the next offset that it gets
     */
    long seek(StartAt start);

    /** What there is of it; empty if there is no such group. */
    Optional<GroupStatus> inspect();

    /** Forgets the group, whose members are told; false if there is no such group. */
    boolean delete();

    /**
     * Takes part in the group: has a function called with each message that this member gets. A message is acknowledged
     * when the function returns, and rejected for another attempt if it throws. Joining goes on in the background: see
     * {@link GroupConsumer#started}. When the session is lost, it joins again with the next one.
     *
     * @throws ValidationException if an option is bad
     */
    GroupConsumer consume(DeliveryHandler handler, ConsumeOptions options);

    /** The same with {@linkplain ConsumeOptions#defaults default options}. */
    default GroupConsumer consume(DeliveryHandler handler) {
        return consume(handler, ConsumeOptions.defaults());
    }

    /**
     * The messages for subscribers that say how many they want, and settle each (reactive streams). Each subscriber is
     * a member of its own, and has no more messages at a time than {@link ConsumeOptions#prefetch}. If it throws, that
     * is logged and its subscription is cancelled. If it requests less than 1, its subscription ends with
     * {@link IllegalArgumentException}.
     */
    Flow.Publisher<Delivery> deliveries(ConsumeOptions options);
}
