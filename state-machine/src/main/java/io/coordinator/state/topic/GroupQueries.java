package io.coordinator.state.topic;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.GroupInspection;
import io.coordinator.protocol.GroupList;
import io.coordinator.protocol.GroupRow;
import io.coordinator.protocol.GroupSummary;
import io.coordinator.protocol.ListGroups;
import io.coordinator.protocol.StoredMessage;
import io.coordinator.protocol.TopicAnswer;
import io.coordinator.protocol.TopicRow;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.Page;
import io.coordinator.state.kernel.Pools;
import org.jspecify.annotations.Nullable;

/** What can be asked about groups. */
final class GroupQueries {
    /** Topics without a group that one list goes through. */
    private static final int TOPICS_MAX = 2_000;

    private final TopicRows topics;
    private final MessageLog log;
    private final GroupRows groups;
    private final DeliveryTable deliveries;
    private final Pools pools;

    GroupQueries(Dispatching dispatching) {
        this.topics = dispatching.topics;
        this.log = dispatching.log;
        this.groups = dispatching.groups;
        this.deliveries = dispatching.deliveries;
        this.pools = dispatching.pools;
    }

    GroupInspection inspect(Context at, Name topic, String group) {
        TopicRow row = topics.find(topic);
        GroupPlace place = row == null ? null : groups.find(topic, row.getTopicId(), group);
        if (place == null) {
            return GroupInspection.getDefaultInstance();
        }
        return GroupInspection.newBuilder()
                .setExists(true)
                .setSummary(summary(at, place))
                .setSettings(groups.get(place).getSettings())
                .addAllMembers(pools.shown(place.pool(), any -> true))
                .build();
    }

    GroupSummary summary(Context at, GroupPlace place) {
        TopicRow topic = topics.get(place.topic());
        GroupRow group = groups.get(place);
        Outstanding outstanding = deliveries.of(place.pool());
        long first = topic.getFirstOffset();
        // What was dropped since it was last looked at.
        long next = Math.max(group.getNextOffset(), first);
        GroupSummary.Builder summary = GroupSummary.newBuilder()
                .setNamespace(place.topic().namespace())
                .setTopic(place.topic().name())
                .setGroup(place.group())
                .setNextOffset(next)
                .setLag(lag(topic, group, outstanding))
                .setLeased(outstanding.size() - outstanding.waiting())
                .setWaiting(outstanding.waiting())
                .setMembers(pools.size(place.pool()))
                .setRedeliveries(group.getRedeliveries())
                .setDeadLetters(group.getDeadLetters())
                .setMissed(missed(topic, group));
        long oldest = Math.min(outstanding.lowest(), next);
        if (oldest < topic.getNextOffset()) {
            StoredMessage message = log.find(place.owner(), oldest);
            summary.setOldestOffset(oldest)
                    .setOldestAgeMillis(message == null ? 0 : at.nowMillis() - message.getPublishedAtMillis());
        }
        return summary.build();
    }

    /** How many messages nobody in a group has acknowledged. */
    static long lag(TopicRow topic, GroupRow group, Outstanding outstanding) {
        long next = Math.max(group.getNextOffset(), topic.getFirstOffset());
        return topic.getNextOffset() - next + outstanding.size();
    }

    /** How many messages were dropped before a group had acknowledged them, also since it was last looked at. */
    static long missed(TopicRow topic, GroupRow group) {
        return group.getMissed() + Math.max(0, topic.getFirstOffset() - group.getNextOffset());
    }

    /** Of one topic, or of all of them in their order. */
    Answer.Builder list(Context at, Name name, ListGroups list) {
        GroupList.Builder found = GroupList.newBuilder();
        Page page = new Page(list.getLimit());
        Cursor cursor = new Cursor(name, list);
        GroupPlace place = cursor.next();
        while (place != null) {
            GroupSummary summary = summary(at, place);
            if (!page.takes(summary.getSerializedSize())) {
                return answer(found.setMore(true));
            }
            found.addGroups(summary);
            place = cursor.next();
        }
        return cursor.hasGivenUp() && found.getGroupsCount() == 0
                ? cursor.scan.refusal()
                : answer(found.setMore(cursor.hasGivenUp()));
    }

    private static Answer.Builder answer(GroupList.Builder groups) {
        return TopicQueries.answer(TopicAnswer.newBuilder().setGroups(groups));
    }

    /** Goes from group to group, and from topic to topic unless it is about one. */
    private final class Cursor {
        private final boolean oneTopic;
        private final NameScan scan;
        private @Nullable String topic;
        private String after;
        private int passed;

        Cursor(Name name, ListGroups list) {
            oneTopic = !name.name().isEmpty();
            scan = topics.scan(name.namespace(), "");
            after = list.getAfterGroup();
            Name start = oneTopic ? name : Name.of(list.getAfterNamespace(), list.getAfterTopic());
            if (oneTopic || (!after.isEmpty() && topics.find(start) != null)) {
                topic = topics.find(start) == null ? null : start.key();
            } else {
                after = "";
                topic = scan.firstAfter(list.getAfterNamespace(), list.getAfterTopic());
            }
        }

        boolean hasGivenUp() {
            return passed > TOPICS_MAX;
        }

        @Nullable
        GroupPlace next() {
            while (topic != null && !hasGivenUp()) {
                Name name = Name.ofKey(topic);
                GroupPlace place = groups.next(name, topics.get(name).getTopicId(), after);
                if (place != null) {
                    after = place.group();
                    return place;
                }
                passed++;
                after = "";
                topic = oneTopic ? null : scan.next(topic);
            }
            return null;
        }
    }
}
