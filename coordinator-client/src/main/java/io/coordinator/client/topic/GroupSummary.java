package io.coordinator.client.topic;

import java.time.Duration;

/**
 * A consumer group in numbers.
 *
 * @param namespace of its topic
 * @param topic its topic
 * @param name of the group
 * @param nextOffset the next message that it gets for the first time
 * @param lag how many messages nobody in the group has acknowledged
 * @param leased how many of these a member has
 * @param waiting how many of these wait for another attempt, or for their key
 * @param oldestOffset the oldest of them; 0 if there is none
 * @param oldestAge for how long that one has been published, in milliseconds of cluster time; 0 if there is
 *     none
 * @param members how many there are
 * @param redeliveries how often a message was delivered again since the group was made
 * @param deadLetters how many went to the dead letters
 * @param missed how many the topic dropped before they were acknowledged
 */
public record GroupSummary(
        String namespace,
        String topic,
        String name,
        long nextOffset,
        long lag,
        long leased,
        long waiting,
        long oldestOffset,
        Duration oldestAge,
        int members,
        long redeliveries,
        long deadLetters,
        long missed) {}
