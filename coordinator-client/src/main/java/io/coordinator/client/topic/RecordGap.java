package io.coordinator.client.topic;

/**
 * Messages that a reader will not see.
 *
 * @param fromOffset the first one missed
 * @param toOffset the last one missed; if the topic is another one now, the last that there can have been is not known,
 *     and this is {@code fromOffset - 1} at least
 * @param reason why
 */
public record RecordGap(long fromOffset, long toOffset, Reason reason) {
    /** Why messages are missed. */
    public enum Reason {
        /** The topic does not keep them any more, by its options or since somebody purged it. */
        TRIMMED,
        /** The topic was deleted, and perhaps made again: offsets begin at 1 again. */
        DELETED,
        /**
         * The topic ends before the offset at which the reader was to go on, so that the reader goes on at its end: the
         * cluster was started from older copies of its disks, or the offset is one of a topic that was deleted.
         */
        RESTORED
    }

    /** How many; 0 if that is not known. */
    public long count() {
        return Math.max(0, toOffset - fromOffset + 1);
    }
}
