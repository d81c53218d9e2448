package io.coordinator.state.topic;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ListTopics;
import io.coordinator.protocol.MessagePage;
import io.coordinator.protocol.ReadMessages;
import io.coordinator.protocol.StoredMessage;
import io.coordinator.protocol.TopicAnswer;
import io.coordinator.protocol.TopicInspection;
import io.coordinator.protocol.TopicList;
import io.coordinator.protocol.TopicQuery;
import io.coordinator.protocol.TopicRow;
import io.coordinator.protocol.TopicSummary;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.Page;
import io.coordinator.state.kernel.Refusals;

/** What can be asked about topics. Every answer is bounded in rows and bytes. */
final class TopicQueries {
    /** Messages of one answer. */
    static final int READ_MAX = 1_000;

    private final TopicBounds bounds;
    private final TopicRows topics;
    private final MessageLog log;
    private final Producers producers;
    private final GroupRows groups;
    private final StartPositions positions;
    private final GroupQueries groupQueries;

    TopicQueries(
            TopicBounds bounds,
            Dispatching dispatching,
            Producers producers,
            StartPositions positions,
            GroupQueries groupQueries) {
        this.bounds = bounds;
        this.topics = dispatching.topics;
        this.log = dispatching.log;
        this.groups = dispatching.groups;
        this.producers = producers;
        this.positions = positions;
        this.groupQueries = groupQueries;
    }

    Answer.Builder answer(Context at, TopicQuery topic) {
        Name name = Name.of(topic.getNamespace(), topic.getTopic());
        return switch (topic.getOperationCase()) {
            case READ -> answer(TopicAnswer.newBuilder().setPage(read(name, topic.getRead())));
            case INSPECT -> answer(TopicAnswer.newBuilder().setInspection(inspect(at, name)));
            case LIST -> list(topic.getNamespace(), topic.getList());
            case INSPECT_GROUP ->
                answer(TopicAnswer.newBuilder()
                        .setGroup(groupQueries.inspect(
                                at, name, topic.getInspectGroup().getGroup())));
            case LIST_GROUPS -> groupQueries.list(at, name, topic.getListGroups());
            case OPERATION_NOT_SET ->
                Refusals.answer(ErrorCode.EUNKNOWN, "the topic query is unknown to this version; upgrade this node");
        };
    }

    static Answer.Builder answer(TopicAnswer.Builder topic) {
        return Answer.newBuilder().setTopic(topic);
    }

    private MessagePage read(Name name, ReadMessages read) {
        TopicRow topic = topics.find(name);
        if (topic == null) {
            return MessagePage.getDefaultInstance();
        }
        long first = topic.getFirstOffset();
        boolean another = read.getTopicId() != 0 && read.getTopicId() != topic.getTopicId();
        // Of another topic with this name, all is new.
        long start = another ? 1 : positions.of(name, topic, read.getStart());
        MessagePage.Builder page = MessagePage.newBuilder()
                .setTopicId(topic.getTopicId())
                .setFirstOffset(first)
                .setMissingFrom(start < first ? start : 0);
        if (OffsetShift.isLost(topic, start)) {
            // It has seen all that is here of that time, and more that is not.
            start = topic.getShiftedTo() + topic.getShift();
        }
        // Who asks for more than there has been reads on at the end, and sees by that what it will not get.
        long next = Math.max(Math.min(start, topic.getNextOffset()), first);
        long bytes = 0;
        while (next < topic.getNextOffset() && page.getMessagesCount() < countMax(read)) {
            StoredMessage message = log.get(TopicRows.owner(name, topic), next);
            bytes += message.getSerializedSize();
            if (page.getMessagesCount() > 0 && bytes > bytesMax(read)) {
                break;
            }
            page.addMessages(message);
            next++;
        }
        return page.setNextOffset(next).setMore(next < topic.getNextOffset()).build();
    }

    private static int countMax(ReadMessages read) {
        return read.getCount() <= 0 ? READ_MAX : Math.min(read.getCount(), READ_MAX);
    }

    private static long bytesMax(ReadMessages read) {
        return read.getBytes() <= 0 ? Page.BYTES_MAX : Math.min(read.getBytes(), Page.BYTES_MAX);
    }

    private TopicInspection inspect(Context at, Name name) {
        TopicRow topic = topics.find(name);
        if (topic == null) {
            return TopicInspection.getDefaultInstance();
        }
        TopicInspection.Builder inspection = TopicInspection.newBuilder()
                .setExists(true)
                .setSummary(summary(name, topic))
                .setSettings(bounds.complete(topic.getSettings()));
        for (GroupPlace place : groups.of(name, topic.getTopicId())) {
            inspection.addGroups(groupQueries.summary(at, place));
        }
        return inspection.build();
    }

    private Answer.Builder list(String namespace, ListTopics list) {
        TopicList.Builder found = TopicList.newBuilder();
        NameScan scan = topics.scan(namespace, list.getPrefix());
        Page page = new Page(list.getLimit());
        String key = scan.firstAfter(list.getAfterNamespace(), list.getAfterTopic());
        while (key != null) {
            Name name = Name.ofKey(key);
            TopicSummary summary = summary(name, topics.get(name));
            if (!page.takes(summary.getSerializedSize())) {
                return answer(TopicAnswer.newBuilder().setList(found.setMore(true)));
            }
            found.addTopics(summary);
            key = scan.next(key);
        }
        return scan.hasGivenUp() && found.getTopicsCount() == 0
                ? scan.refusal()
                : answer(TopicAnswer.newBuilder().setList(found.setMore(scan.hasGivenUp())));
    }

    private TopicSummary summary(Name name, TopicRow topic) {
        return TopicSummary.newBuilder()
                .setNamespace(name.namespace())
                .setTopic(name.name())
                .setTopicId(topic.getTopicId())
                .setFirstOffset(topic.getFirstOffset())
                .setNextOffset(topic.getNextOffset())
                .setBytes(topic.getBytes())
                .setGroups(groups.of(name, topic.getTopicId()).size())
                .setProducers(producers.count(TopicRows.owner(name, topic)))
                .setDuplicates(topic.getDuplicates())
                .build();
    }
}
