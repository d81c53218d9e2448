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

    /** A page as users see it. */
    static RecordPage view(TopicTarget target, Answer answer, JsonCodec json) {
        MessagePage page = answer.getTopic().getPage();
        List<TopicRecord> records = page.getMessagesList().stream()
                .filter(RecordPages::isForEverybody)
                .<TopicRecord>map(message -> new RecordView(target.name(), message, 0, json))
                .toList();
        return new RecordPage(records, page.getFirstOffset(), page.getNextOffset(), page.getMore(), trimmed(page));
    }

    /** What a page misses. */
    static Optional<RecordGap> trimmed(MessagePage page) {
        return page.getMissingFrom() == 0
                ? Optional.empty()
                : Optional.of(
                        new RecordGap(page.getMissingFrom(), page.getFirstOffset() - 1, RecordGap.Reason.TRIMMED));
    }

    /** What was redriven is for the group that had failed with it. */
    static boolean isForEverybody(StoredMessage message) {
        return message.getOnlyGroup().isEmpty();
    }
}
