package io.coordinator.state.topic;

import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.MessagesPublished;
import io.coordinator.protocol.NewMessage;
import io.coordinator.protocol.PublishMessages;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.StoredMessage;
import io.coordinator.protocol.TopicReply;
import io.coordinator.protocol.TopicRow;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Slice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes messages into topics, and hands them on to the groups. */
final class MessagePublishing {
    private final TopicBounds bounds;
    private final TopicRows topics;
    private final MessageLog log;
    private final Producers producers;
    private final TopicRetention retention;
    private final Dispatching dispatching;

    MessagePublishing(
            TopicBounds bounds,
            TopicRows topics,
            MessageLog log,
            Producers producers,
            TopicRetention retention,
            Dispatching dispatching) {
        this.bounds = bounds;
        this.topics = topics;
        this.log = log;
        this.producers = producers;
        this.retention = retention;
        this.dispatching = dispatching;
    }

    /** All of the messages, or none. */
    Reply.Builder publish(Context at, Name name, PublishMessages publish, Effects effects) {
        TopicRow topic = topics.find(name);
        int count = publish.getMessagesCount();
        ProducerWindow window = null;
        if (!publish.getProducer().isEmpty()) {
            window = topic == null ? ProducerWindow.empty() : window(at, name, topic, publish.getProducer());
            Error refusal = refusal(name, publish, window);
            if (refusal != null || window == null) {
                return TopicReplies.refused(
                        refusal == null ? TopicRefusals.tooManyProducers(name, bounds.producersMax()) : refusal);
            }
        }
        List<StoredMessage.Builder> fresh = new ArrayList<>(count);
        boolean[] known = new boolean[count];
        for (int i = 0; i < count; i++) {
            known[i] = window != null && window.has(publish.getSequence() + i);
            if (!known[i]) {
                NewMessage message = publish.getMessages(i);
                fresh.add(
                        StoredMessage.newBuilder().setValue(message.getValue()).setKey(message.getKey()));
            }
        }
        Error refusal = refusal(name, topic, fresh, effects);
        if (refusal != null) {
            return TopicReplies.refused(refusal);
        }
        TopicRow made = topics.findOrMake(name, effects);
        if (window != null) {
            window.add(publish.getSequence(), count);
            remember(at, name, made, publish.getProducer(), window, count - fresh.size());
        }
        long offset = topics.get(name).getNextOffset();
        MessagesPublished.Builder published = MessagesPublished.newBuilder();
        for (boolean before : known) {
            published.addOffsets(before ? 0 : offset++);
        }
        append(at, name, fresh, effects, effects.slice());
        return TopicReplies.reply(TopicReply.newBuilder().setPublished(published));
    }

    /** Why a topic, which may have to be made, cannot take messages; null if it can. */
    private @Nullable Error refusal(
            Name name, @Nullable TopicRow topic, List<StoredMessage.Builder> messages, Effects effects) {
        Error none = topics.refusal(name);
        return none != null
                ? none
                : retention.refusal(name, topic == null ? TopicRow.getDefaultInstance() : topic, messages, effects);
    }

    private @Nullable ProducerWindow window(Context at, Name name, TopicRow topic, String producer) {
        return producers.window(at, TopicRows.owner(name, topic), producer);
    }

    private static @Nullable Error refusal(Name name, PublishMessages publish, @Nullable ProducerWindow window) {
        long sequence = publish.getSequence();
        if (sequence < 1 || sequence > Long.MAX_VALUE - publish.getMessagesCount()) {
            return TopicRefusals.badSequence(sequence);
        }
        return window == null || window.covers(sequence)
                ? null
                : TopicRefusals.sequenceTooOld(name, publish.getProducer(), sequence, window.last());
    }

    private void remember(
            Context at, Name name, TopicRow topic, String producer, ProducerWindow window, int duplicates) {
        long deadline = at.deadlineAfter(bounds.dedupMillis(topic.getSettings()));
        producers.put(TopicRows.owner(name, topic), producer, window, deadline);
        if (duplicates > 0) {
            topics.put(
                    name,
                    topic.toBuilder()
                            .setDuplicates(topic.getDuplicates() + duplicates)
                            .build());
        }
    }

    /**
     * The same for one message that the core makes; the topic is made if it is not there.
     *
     * @return why not; null if it was published
     */
    @Nullable
    Error publish(Context at, Name name, StoredMessage.Builder message, Effects effects, Slice slice) {
        TopicRow topic = topics.find(name);
        List<StoredMessage.Builder> one = List.of(message);
        Error refusal = refusal(name, topic, one, effects);
        if (refusal == null) {
            topics.findOrMake(name, effects);
            append(at, name, one, effects, slice);
        }
        return refusal;
    }

    private void append(Context at, Name name, List<StoredMessage.Builder> messages, Effects effects, Slice slice) {
        if (messages.isEmpty()) {
            return;
        }
        TopicRow topic = topics.get(name);
        String owner = TopicRows.owner(name, topic);
        StoredMessage last = log.find(owner, topic.getNextOffset() - 1);
        long date = last == null ? at.dateMillis() : Math.max(last.getDateMillis(), at.dateMillis());
        long offset = topic.getNextOffset();
        long bytes = topic.getBytes();
        for (StoredMessage.Builder message : messages) {
            StoredMessage stored = message.setOffset(offset++)
                    .setTopicId(topic.getTopicId())
                    .setPublishedAtMillis(at.nowMillis())
                    .setDateMillis(date)
                    .build();
            log.add(owner, stored);
            bytes += MessageLog.bytes(stored);
            effects.change(DataKind.TOPIC, name, ChangeKind.PUBLISHED, stored.toByteString());
        }
        TopicRow grown = topic.toBuilder().setNextOffset(offset).setBytes(bytes).build();
        retention.keep(name, grown, effects, slice);
        dispatching.all(at, name, effects, slice);
    }
}
