package io.coordinator.state.topic;

import io.coordinator.protocol.StartPosition;
import io.coordinator.protocol.StoredMessage;
import io.coordinator.protocol.TopicRow;
import io.coordinator.state.kernel.Name;

/** Which offset somebody means who wants to begin somewhere. */
final class StartPositions {
    private final MessageLog log;

    StartPositions(MessageLog log) {
        this.log = log;
    }

    /** Of a group: a message that is kept, or the next one to come. */
    long ofGroup(Name name, TopicRow topic, StartPosition start) {
        long end = topic.getNextOffset();
        long offset =
                start.getPositionCase() == StartPosition.PositionCase.POSITION_NOT_SET ? end : of(name, topic, start);
        return Math.min(Math.max(offset, topic.getFirstOffset()), end);
    }

    /** Where an offset is that somebody has from before the cluster began anew: see {@link OffsetShift}. */
    private static long place(TopicRow topic, long offset) {
        return offset <= topic.getShiftedTo() ? offset + topic.getShift() : offset;
    }

    /** Of a reader, which may begin before the first message that is kept, or behind the next one to come. */
    long of(Name name, TopicRow topic, StartPosition start) {
        long first = topic.getFirstOffset();
        long end = topic.getNextOffset();
        return switch (start.getPositionCase()) {
            case OFFSET ->
                start.getOffset() == 0 ? first : start.getOffset() < 0 ? end : place(topic, start.getOffset());
            case LAST -> start.getLast() < 0 ? first : Math.max(first, end - start.getLast());
            case DATE_MILLIS ->
                log.since(
                        TopicRows.owner(name, topic), first, end, StoredMessage::getDateMillis, start.getDateMillis());
            case POSITION_NOT_SET -> first;
        };
    }
}
