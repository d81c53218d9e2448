package io.coordinator.client.internal.durable;

import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.topic.RecordGap;
import io.coordinator.client.topic.RecordPage;
import io.coordinator.client.topic.TopicRecord;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.MessagePage;
import io.coordinator.protocol.ReadMessages;
import io.coordinator.protocol.StartPosition;
import io.coordinator.protocol.StoredMessage;
import java.util.List;
import java.util.Optional;

/** Reads messages page by page. */
final class RecordPages {
    private RecordPages() {}

    /** Makes something of a page. */
    interface Reader<T> {
        T read(TopicTarget target, Answer answer, JsonCodec json);
    }

    /**
     * Asks for a page.
     *
     * @param topicId of which topic the start is an offset; 0 for any
     */
    static <T> Promise<T> read(
            Calls calls, TopicTarget target, StartPosition start, int count, long topicId, Reader<T> reader) {
        return calls.reading()
                .query(
                        TopicEnvelopes.TOPIC,
                        () -> target.query()
                                .setRead(ReadMessages.newBuilder()
                                        .setStart(start)
                                        .setCount(count)
                                        .setTopicId(topicId))
                                .build(),
                        answer -> reader.read(target, answer, calls.json()));
    }

    /**
     * A page as users see it.
     *
     * @param start where it was to begin
     */
    static RecordPage view(StartPosition start, TopicTarget target, Answer answer, JsonCodec json) {
        MessagePage page = answer.getTopic().getPage();
        List<TopicRecord> records = page.getMessagesList().stream()
                .filter(RecordPages::isForEverybody)
                .<TopicRecord>map(message -> new RecordView(target.name(), message, 0, json))
                .toList();
        long next = nextOffset(page);
        return new RecordPage(
                records,
                isOfNoTopic(page) ? next : page.getFirstOffset(),
                next,
                page.getMore(),
                gap(page, start.getOffset()));
    }

    private static boolean isOfNoTopic(MessagePage page) {
        return page.getTopicId() == 0;
    }

    /** Where to read on; 1 if there is no topic yet. */
    static long nextOffset(MessagePage page) {
        return isOfNoTopic(page) ? 1 : page.getNextOffset();
    }

    /**
     * What a page misses.
     *
     * @param asked at which offset it was to begin; 0 or less if it was to begin at no offset
     */
    static Optional<RecordGap> gap(MessagePage page, long asked) {
        RecordGap gap = null;
        if (page.getMissingFrom() != 0) {
            gap = new RecordGap(page.getMissingFrom(), page.getFirstOffset() - 1, RecordGap.Reason.TRIMMED);
        } else if (asked > 1 && isOfNoTopic(page)) {
            gap = new RecordGap(asked, asked - 1, RecordGap.Reason.DELETED);
        } else if (asked > nextOffset(page)) {
            gap = new RecordGap(nextOffset(page), asked - 1, RecordGap.Reason.RESTORED);
        }
        return Optional.ofNullable(gap);
    }

    /** What was redriven is for the group that had failed with it. */
    static boolean isForEverybody(StoredMessage message) {
        return message.getOnlyGroup().isEmpty();
    }
}
