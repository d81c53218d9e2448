package io.coordinator.client.topic;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.argument.Text;
import java.time.Duration;

/**
 * How a consumer group delivers. Immutable: each method returns a changed copy.
 *
 * @param visibility how long a member has a message before another one gets it, unless the member asks for more; in
 *     milliseconds rounded up, 0 for as long as its session lives
 * @param attemptsMax so many deliveries have failed when a message goes to the dead letters; 0 for never
 * @param deadLetterTopic where dead letters go, in the topic's namespace; empty for {@code <topic>.<group>.dead}
 * @param orderedByKey whether messages of one key go to one member at a time, in their order
 * @param exclusive whether one member at a time gets messages; when it is gone, the one that joined next follows it
 */
public record GroupOptions(
        Duration visibility, int attemptsMax, String deadLetterTopic, boolean orderedByKey, boolean exclusive) {
    private static final GroupOptions DEFAULTS = new GroupOptions(Duration.ofSeconds(30), 5, "", false, false);

    /**
     * Checks the options.
     *
     * @throws ValidationException if a number or time is negative, or the topic has NUL or half of a surrogate pair
     */
    public GroupOptions {
        Arguments.notNegative("visibility", visibility);
        Arguments.notNegative("attemptsMax", attemptsMax);
        Text.prefix("deadLetterTopic", deadLetterTopic);
    }

    /** 30 seconds, and five attempts; in no order beyond that of the topic. */
    public static GroupOptions defaults() {
        return DEFAULTS;
    }

    /**
     * How long a member has a message.
     *
     * @param time in milliseconds rounded up; 0 for as long as its session lives
     */
    public GroupOptions withVisibility(Duration time) {
        return new GroupOptions(time, attemptsMax, deadLetterTopic, orderedByKey, exclusive);
    }

    /**
     * How many failed deliveries make a dead letter.
     *
     * @param max 0 for none ever
     */
    public GroupOptions withAttemptsMax(int max) {
        return new GroupOptions(visibility, max, deadLetterTopic, orderedByKey, exclusive);
    }

    /** Where dead letters go; empty for {@code <topic>.<group>.dead}. */
    public GroupOptions withDeadLetterTopic(String topic) {
        return new GroupOptions(visibility, attemptsMax, topic, orderedByKey, exclusive);
    }

    /** Messages of one key go to one member at a time, in their order. */
    public GroupOptions ordered() {
        return new GroupOptions(visibility, attemptsMax, deadLetterTopic, true, exclusive);
    }

    /** One member at a time gets messages. */
    public GroupOptions oneAtATime() {
        return new GroupOptions(visibility, attemptsMax, deadLetterTopic, orderedByKey, true);
    }
}
