package io.coordinator.state.topic;

import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.StoredMessage;
import io.coordinator.protocol.TopicOverflow;
import io.coordinator.protocol.TopicRow;
import io.coordinator.protocol.TopicSettings;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Slice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which messages are kept. They only ever go from the front: the first offset moves at once, and the rows before it are
 * reclaimed as far as a slice lets it.
 */
final class TopicRetention {
    private final TopicBounds bounds;
    private final TopicRows topics;
    private final MessageLog log;
    private final GroupRows groups;
    private final DeliveryTable deliveries;

    TopicRetention(TopicBounds bounds, TopicRows topics, MessageLog log, GroupRows groups, DeliveryTable deliveries) {
        this.bounds = bounds;
        this.topics = topics;
        this.log = log;
        this.groups = groups;
        this.deliveries = deliveries;
    }

    /** Why a topic cannot take these messages, whatever goes for them; null if it can. */
    @Nullable
    Error refusal(Name name, TopicRow topic, List<StoredMessage.Builder> messages, Effects effects) {
        TopicSettings settings = topic.getSettings();
        long bytes = 0;
        for (StoredMessage.Builder message : messages) {
            long size = (long) message.getValue().size() + message.getKeyBytes().size();
            if (size > bounds.bytesMax(settings)) {
                return TopicRefusals.messageTooLarge(name, size, bounds.bytesMax(settings));
            }
            bytes += size;
        }
        if (settings.getOverflow() != TopicOverflow.REFUSE_NEW) {
            return null;
        }
        if (messages.size() > bounds.messagesMax(settings) || bytes > bounds.bytesMax(settings)) {
            return TopicRefusals.batchTooLarge(name, messages.size(), bytes);
        }
        return firstKept(name, topic, messages.size(), bytes, effects) <= mayGo(name, topic)
                ? null
                : TopicRefusals.full(name);
    }

    /** The first message that can be kept if so many more come; the next one to come if none can. */
    private long firstKept(Name name, TopicRow topic, long messages, long bytes, Effects effects) {
        TopicSettings settings = topic.getSettings();
        String owner = TopicRows.owner(name, topic);
        long end = topic.getNextOffset();
        long kept = Math.max(0, bounds.messagesMax(settings) - messages);
        long first = Math.max(topic.getFirstOffset(), end - kept);
        long left = topic.getBytes() - log.bytes(owner, topic.getFirstOffset(), first, effects);
        return log.behind(owner, first, end, left - (bounds.bytesMax(settings) - bytes), effects);
    }

    /** Writes a topic that has more messages, or other settings, and lets go what it has no room for. */
    void keep(Name name, TopicRow topic, Effects effects, Slice slice) {
        boolean full = topic.getSettings().getOverflow() == TopicOverflow.REFUSE_NEW;
        long first = firstKept(name, topic, 0, 0, effects);
        trim(name, topic, full ? Math.min(first, mayGo(name, topic)) : first, effects, slice);
    }

    /** Up to here, every group has acknowledged all; nothing if there is no group. */
    private long mayGo(Name name, TopicRow topic) {
        List<GroupPlace> places = groups.of(name, topic.getTopicId());
        long lowest = topic.getNextOffset();
        for (GroupPlace place : places) {
            lowest = Math.min(lowest, lowest(place));
        }
        return places.isEmpty() ? topic.getFirstOffset() : Math.max(lowest, topic.getFirstOffset());
    }

    /** The first message that a group has not settled. */
    private long lowest(GroupPlace place) {
        return Math.min(groups.get(place).getNextOffset(), deliveries.lowest(place.pool()));
    }

    /** Lets go what is older than the settings say. */
    void age(Context at, Name name, Effects effects, Slice slice) {
        TopicRow topic = topics.get(name);
        long age = topic.getSettings().getAgeMaxMillis();
        long first = topic.getFirstOffset();
        if (age > 0) {
            first = log.since(
                    TopicRows.owner(name, topic),
                    first,
                    topic.getNextOffset(),
                    StoredMessage::getPublishedAtMillis,
                    at.nowMillis() - age + 1);
        }
        trim(name, topic, first, effects, slice);
    }

    /** Lets go what every group has acknowledged, if the settings say so. */
    void discard(Name name, Effects effects, Slice slice) {
        TopicRow topic = topics.find(name);
        if (topic != null && topic.getSettings().getDiscardAcknowledged()) {
            effects.meter().steps("groups", TopicLimits.GROUPS_MAX);
            long first = mayGo(name, topic);
            if (first > topic.getFirstOffset()) {
                trim(name, topic, first, effects, slice);
            }
        }
    }

    /** Writes a topic that lets go what is before an offset. */
    void trim(Name name, TopicRow topic, long before, Effects effects, Slice slice) {
        long first = topic.getFirstOffset();
        String owner = TopicRows.owner(name, topic);
        TopicRow.Builder trimmed = topic.toBuilder();
        if (before > first) {
            boolean all = before == topic.getNextOffset();
            trimmed.setFirstOffset(before)
                    .setBytes(all ? 0 : topic.getBytes() - log.bytes(owner, first, before, effects));
        }
        topics.put(name, trimmed.setDueMillis(dueMillis(owner, trimmed)).build());
        if (before > first) {
            reclaim(owner, first, before, effects, slice);
        }
    }

    /** When the first message is too old. */
    private long dueMillis(String owner, TopicRow.Builder topic) {
        long age = topic.getSettings().getAgeMaxMillis();
        if (age <= 0 || topic.getFirstOffset() == topic.getNextOffset()) {
            return 0;
        }
        long from = log.get(owner, topic.getFirstOffset()).getPublishedAtMillis();
        return Math.max(1, from > Long.MAX_VALUE - age ? Long.MAX_VALUE : from + age);
    }

    /** Forgets messages that nobody can see any more. */
    void reclaim(String owner, long from, long to, Effects effects, Slice slice) {
        long left = log.reclaim(owner, from, to, slice);
        if (left < to) {
            effects.reclaimLater(DataKind.TOPIC, job(owner, left, to));
        }
    }

    /** Goes on with it; null if it is done. */
    @Nullable
    Chore resume(Chore job, Slice slice) {
        long left = log.reclaim(job.getSubject(), Long.parseLong(job.getCursor()), job.getBound(), slice);
        return left < job.getBound()
                ? job.toBuilder().setCursor(Long.toString(left)).build()
                : null;
    }

    private static Chore.Builder job(String owner, long from, long to) {
        return Chore.newBuilder()
                .setStep(TopicJobs.MESSAGES)
                .setSubject(owner)
                .setCursor(Long.toString(from))
                .setBound(to);
    }
}
