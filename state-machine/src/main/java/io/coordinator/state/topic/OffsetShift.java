package io.coordinator.state.topic;

import io.coordinator.protocol.GroupRow;
import io.coordinator.protocol.TopicRow;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves all messages of all topics to higher offsets, when the state goes on as that of another cluster: what was
 * published after it was copied had offsets that must not be those of other messages. The messages of a topic stay
 * without a gap. Readers who have a place among those that are here go on there; who was further is told what it
 * misses, and goes on with what is new. Places of groups move along.
 */
final class OffsetShift {
    private final TopicRows topics;
    private final MessageLog log;
    private final GroupRows groups;
    private final DeliveryTable deliveries;
    private final long offsets;

    OffsetShift(TopicRows topics, MessageLog log, GroupRows groups, DeliveryTable deliveries, long offsets) {
        this.topics = topics;
        this.log = log;
        this.groups = groups;
        this.deliveries = deliveries;
        this.offsets = offsets;
    }

    /** Whether an offset is one of those that were given out, if at all, after the state was copied. */
    static boolean isLost(TopicRow topic, long offset) {
        return topic.getShift() != 0
                && offset > topic.getShiftedTo()
                && offset < topic.getShiftedTo() + topic.getShift()
                && offset < topic.getFirstOffset();
    }

    void run() {
        topics.forEach((name, topic) -> {
            String owner = TopicRows.owner(name, topic);
            for (long offset = topic.getFirstOffset(); offset < topic.getNextOffset(); offset++) {
                log.move(
                        owner,
                        offset,
                        log.get(owner, offset).toBuilder()
                                .setOffset(offset + offsets)
                                .build());
            }
            topics.put(
                    name,
                    topic.toBuilder()
                            .setFirstOffset(topic.getFirstOffset() + offsets)
                            .setNextOffset(topic.getNextOffset() + offsets)
                            .setRedriveOffset(topic.getRedriveOffset() == 0 ? 0 : topic.getRedriveOffset() + offsets)
                            .setShift(offsets)
                            .setShiftedTo(topic.getNextOffset())
                            .build());
        });
        deliveries.shift(offsets);
        List<GroupPlace> places = new ArrayList<>();
        groups.forEach(places::add);
        for (GroupPlace place : places) {
            GroupRow group = groups.get(place);
            groups.put(
                    place,
                    group.toBuilder()
                            .setNextOffset(group.getNextOffset() + offsets)
                            .build());
        }
    }
}
