package io.coordinator.client.topic;

/**
 * A durable topic in a list.
 *
 * @param namespace of the topic
 * @param name of the topic
 * @param firstOffset the first message that is kept, or the next one to be given
 * @param nextOffset the next one to be given
 * @param bytes of values and keys
 * @param groups how many consumer groups it has
 * @param producers how many producers it knows by their ids
 * @param duplicates how many messages of these had been published before
 */
public record TopicSummary(
        String namespace,
        String name,
        long firstOffset,
        long nextOffset,
        long bytes,
        int groups,
        int producers,
        long duplicates) {
    /** How many messages are kept. */
    public long messages() {
        return nextOffset - firstOffset;
    }
}
