package io.coordinator.client.topic;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import java.time.Duration;
import java.util.Objects;

/**
 * What a durable topic keeps. Immutable: each method returns a changed copy.
 *
 * <p>Messages are in the memory of every member. So there is always a bound: 10,000 messages and 64 MiB, unless the
 * options or the cluster's configuration say otherwise.
 *
 * @param messagesMax how many messages are kept; 0 for as many as the cluster's configuration says
 * @param bytesMax how many bytes of values and keys are kept; 0 for as many as the cluster's configuration says
 * @param ageMax for how long a message is kept at least, as long as there is room; in milliseconds rounded up, 0 for no
 *     such bound
 * @param overflow what happens when there is no room for a message
 * @param discardsAcknowledged whether a message goes as soon as every group has acknowledged it and all before it
 * @param dedupFor how long the numbers of a {@linkplain TopicProducer producer} are known after its last message; in
 *     milliseconds rounded up, 0 for as long as the cluster's configuration says: ten minutes unless told otherwise
 */
public record TopicOptions(
        long messagesMax,
        long bytesMax,
        Duration ageMax,
        Overflow overflow,
        boolean discardsAcknowledged,
        Duration dedupFor) {
    private static final TopicOptions DEFAULTS =
            new TopicOptions(0, 0, Duration.ZERO, Overflow.DROP_OLDEST, false, Duration.ZERO);

    /** What happens when there is no room for a message. */
    public enum Overflow {
        /** The oldest messages go. A group that has not had them yet counts them as missed. */
        DROP_OLDEST,
        /** The message is refused, until groups have acknowledged older ones or these are old enough to go. */
        REFUSE_NEW
    }

    /**
     * Checks the options.
     *
     * @throws ValidationException if a number or time is negative
     */
    public TopicOptions {
        Arguments.notNegative("messagesMax", messagesMax);
        Arguments.notNegative("bytesMax", bytesMax);
        Arguments.notNegative("ageMax", ageMax);
        Arguments.notNegative("dedupFor", dedupFor);
        Objects.requireNonNull(overflow, "overflow");
    }

    /** As many messages and bytes as the cluster's configuration says, of any age; the oldest go. */
    public static TopicOptions defaults() {
        return DEFAULTS;
    }

    /**
     * A queue of work: a message stays until a group has acknowledged it, and new ones are refused while it is full.
     *
     * @param messagesMax from 1
     */
    public static TopicOptions workQueue(long messagesMax) {
        Arguments.positive("messagesMax", messagesMax);
        return DEFAULTS.keepMessages(messagesMax)
                .withOverflow(Overflow.REFUSE_NEW)
                .discardAcknowledged(true);
    }

    /**
     * Keeps so many messages.
     *
     * @param max 0 for 10,000
     */
    public TopicOptions keepMessages(long max) {
        return new TopicOptions(max, bytesMax, ageMax, overflow, discardsAcknowledged, dedupFor);
    }

    /**
     * Keeps so many bytes of values and keys.
     *
     * @param max 0 for 64 MiB
     */
    public TopicOptions keepBytes(long max) {
        return new TopicOptions(messagesMax, max, ageMax, overflow, discardsAcknowledged, dedupFor);
    }

    /**
     * Keeps messages for so long.
     *
     * @param age in milliseconds rounded up; 0 for no such bound
     */
    public TopicOptions keepFor(Duration age) {
        return new TopicOptions(messagesMax, bytesMax, age, overflow, discardsAcknowledged, dedupFor);
    }

    /** What happens when there is no room for a message. */
    public TopicOptions withOverflow(Overflow newOverflow) {
        return new TopicOptions(messagesMax, bytesMax, ageMax, newOverflow, discardsAcknowledged, dedupFor);
    }

    /** Whether a message goes as soon as every group has acknowledged it and all before it. */
    public TopicOptions discardAcknowledged(boolean discard) {
        return new TopicOptions(messagesMax, bytesMax, ageMax, overflow, discard, dedupFor);
    }

    /**
     * How long the numbers of a producer are known after its last message.
     *
     * @param time in milliseconds rounded up; 0 for ten minutes
     */
    public TopicOptions dedupFor(Duration time) {
        return new TopicOptions(messagesMax, bytesMax, ageMax, overflow, discardsAcknowledged, time);
    }
}
