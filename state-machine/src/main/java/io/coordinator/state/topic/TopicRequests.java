package io.coordinator.state.topic;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.ConfigureTopic;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.TopicConfigured;
import io.coordinator.protocol.TopicDeleted;
import io.coordinator.protocol.TopicPurged;
import io.coordinator.protocol.TopicReply;
import io.coordinator.protocol.TopicRow;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Slice;

/** Making topics, and making them smaller. */
final class TopicRequests {
    private final TopicRows topics;
    private final GroupRows groups;
    private final TopicRetention retention;
    private final GroupJobs jobs;
    private final Dispatching dispatching;

    TopicRequests(TopicRetention retention, GroupJobs jobs, Dispatching dispatching) {
        this.topics = dispatching.topics;
        this.groups = dispatching.groups;
        this.retention = retention;
        this.jobs = jobs;
        this.dispatching = dispatching;
    }

    Reply.Builder configure(Context at, Name name, ConfigureTopic configure, Effects effects) {
        TopicRow topic = topics.find(name);
        boolean other = topic != null && !topic.getSettings().equals(configure.getSettings());
        if (other && configure.getCreateOnly()) {
            return TopicReplies.refused(TopicRefusals.otherSettings(name));
        }
        Error refusal = topics.refusal(name);
        if (refusal != null) {
            return TopicReplies.refused(refusal);
        }
        if (topic == null) {
            topics.make(name, configure.getSettings(), effects);
        } else if (other) {
            Slice slice = effects.slice();
            retention.keep(
                    name, topic.toBuilder().setSettings(configure.getSettings()).build(), effects, slice);
            dispatching.all(at, name, effects, slice);
        }
        return TopicReplies.reply(TopicReply.newBuilder()
                .setConfigured(TopicConfigured.newBuilder().setCreated(topic == null)));
    }

    /** The messages are gone from this moment on; their rows go bit by bit. */
    Reply.Builder purge(Context at, Name name, long before, Effects effects) {
        TopicRow topic = topics.find(name);
        if (topic == null) {
            return TopicReplies.refused(TopicRefusals.noTopic(name));
        }
        long end = topic.getNextOffset();
        long first = before <= 0 || before > end ? end : before;
        if (first > topic.getFirstOffset()) {
            Slice slice = effects.slice();
            effects.change(DataKind.TOPIC, name, ChangeKind.CLEARED, ByteString.EMPTY);
            retention.trim(name, topic, first, effects, slice);
            dispatching.all(at, name, effects, slice);
        }
        return TopicReplies.reply(TopicReply.newBuilder()
                .setPurged(
                        TopicPurged.newBuilder().setFirstOffset(topics.get(name).getFirstOffset())));
    }

    Reply.Builder delete(Name name, Effects effects) {
        TopicRow topic = topics.find(name);
        if (topic != null) {
            for (GroupPlace place : groups.of(name, topic.getTopicId())) {
                jobs.end(place, "the topic was deleted", effects);
            }
            topics.remove(name);
            effects.change(DataKind.TOPIC, name, ChangeKind.DELETED, ByteString.EMPTY);
            String owner = TopicRows.owner(name, topic);
            retention.reclaim(owner, topic.getFirstOffset(), topic.getNextOffset(), effects, effects.slice());
            effects.reclaimLater(
                    DataKind.TOPIC,
                    Chore.newBuilder().setStep(TopicJobs.PRODUCERS).setSubject(owner));
        }
        return TopicReplies.reply(
                TopicReply.newBuilder().setDeleted(TopicDeleted.newBuilder().setExisted(topic != null)));
    }
}
