package io.coordinator.client.topic;

import java.util.List;
import java.util.Optional;

/**
 * Messages of a topic, read at once.
 *
 * @param records in their order; empty if there are none, or no such topic
 * @param firstOffset the first one that the topic keeps, or the next one to be given
 * @param nextOffset where to read on
 * @param more whether there is more by now
 * @param gap what the topic no longer kept of what was asked for
 */
public record RecordPage(
        List<TopicRecord> records, long firstOffset, long nextOffset, boolean more, Optional<RecordGap> gap) {}
