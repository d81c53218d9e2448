package io.coordinator.state.topic;

import io.coordinator.protocol.DeadLetter;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.MessagesRedriven;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.StoredMessage;
import io.coordinator.protocol.TopicReply;
import io.coordinator.protocol.TopicRow;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Slice;
import org.jspecify.annotations.Nullable;

/** Publishes dead letters again, for the groups that failed with them. */
final class Redriving {
    private static final long LOOK_STEPS = 10;

    private final TopicRows topics;
    private final MessageLog log;
    private final GroupRows groups;
    private final MessagePublishing publishing;

    Redriving(TopicRows topics, MessageLog log, GroupRows groups, MessagePublishing publishing) {
        this.topics = topics;
        this.log = log;
        this.groups = groups;
        this.publishing = publishing;
    }

    /** @param count at most so many; 0 for as many as one command may */
    Reply.Builder redrive(Context at, Name name, long count, Effects effects) {
        TopicRow topic = topics.find(name);
        if (topic == null) {
            return TopicReplies.refused(TopicRefusals.noTopic(name));
        }
        long most = count <= 0 || count > TopicLimits.REDRIVEN_MAX ? TopicLimits.REDRIVEN_MAX : count;
        long offset = Math.max(topic.getFirstOffset(), topic.getRedriveOffset());
        long done = 0;
        Error refusal = null;
        Slice slice = effects.slice();
        while (offset < topic.getNextOffset() && done < most && !slice.isSpent()) {
            effects.meter().steps("messages", LOOK_STEPS);
            StoredMessage message = log.find(TopicRows.owner(name, topic), offset);
            if (message != null && message.hasDeadLetter()) {
                refusal = publish(at, name, message, effects, slice);
                if (refusal != null) {
                    break;
                }
                done++;
            }
            offset++;
        }
        if (refusal != null && done == 0) {
            return TopicReplies.refused(refusal);
        }
        remember(name, topic, offset);
        return TopicReplies.reply(TopicReply.newBuilder()
                .setRedriven(MessagesRedriven.newBuilder().setCount(done).setMore(offset < topic.getNextOffset())));
    }

    private @Nullable Error publish(Context at, Name name, StoredMessage message, Effects effects, Slice slice) {
        DeadLetter letter = message.getDeadLetter();
        Name origin = Name.of(name.namespace(), letter.getTopic());
        TopicRow topic = topics.find(origin);
        // Without its group it would be published for nobody, and count as redriven.
        if (topic == null || groups.find(origin, topic.getTopicId(), letter.getGroup()) == null) {
            return TopicRefusals.noGroupOfLetter(name, message.getOffset(), origin, letter.getGroup());
        }
        return publishing.publish(
                at,
                origin,
                StoredMessage.newBuilder()
                        .setValue(message.getValue())
                        .setKey(message.getKey())
                        .setOnlyGroup(letter.getGroup()),
                effects,
                slice);
    }

    private void remember(Name name, TopicRow before, long offset) {
        TopicRow topic = topics.find(name);
        if (topic != null && before.getRedriveOffset() != offset) {
            topics.put(name, topic.toBuilder().setRedriveOffset(offset).build());
        }
    }
}
