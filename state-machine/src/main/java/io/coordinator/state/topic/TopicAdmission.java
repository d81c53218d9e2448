package io.coordinator.state.topic;

import io.coordinator.protocol.ConfigureGroup;
import io.coordinator.protocol.GroupSettings;
import io.coordinator.protocol.PublishMessages;
import io.coordinator.protocol.SettleDeliveries;
import io.coordinator.protocol.Settlement;
import io.coordinator.protocol.StartPosition;
import io.coordinator.protocol.TopicCommand;
import io.coordinator.protocol.TopicQuery;
import io.coordinator.protocol.TopicSettings;
import io.coordinator.state.kernel.Check;

/** What is wrong with commands and queries whatever the state. */
final class TopicAdmission {
    private TopicAdmission() {}

    static void admit(TopicCommand topic, Check check) {
        switch (topic.getOperationCase()) {
            case CONFIGURE -> admit(topic.getConfigure().getSettings(), check);
            case PUBLISH -> admit(topic.getPublish(), check);
            case PURGE -> check.atLeast("before_offset", 0, topic.getPurge().getBeforeOffset());
            case CONFIGURE_GROUP -> {
                admit(topic.getTopic(), topic.getConfigureGroup().getSettings(), check);
                admit(topic.getConfigureGroup().getStart(), check);
                admitDeadLetters(topic.getTopic(), topic.getConfigureGroup(), check);
            }
            case JOIN ->
                check.atLeast("capacity", 1, topic.getJoin().getCapacity())
                        .atMost(
                                "capacity",
                                TopicLimits.CAPACITY_MAX,
                                topic.getJoin().getCapacity());
            case SETTLE -> admit(topic.getSettle(), check);
            case REDRIVE -> check.atLeast("count", 0, topic.getRedrive().getCount());
            case DELETE, LEAVE, DELETE_GROUP -> {}
            case OPERATION_NOT_SET -> check.unknown("the topic operation");
        }
    }

    private static void admit(TopicSettings settings, Check check) {
        check.atLeast("messages_max", 0, settings.getMessagesMax())
                .atLeast("bytes_max", 0, settings.getBytesMax())
                .atLeast("age_max_millis", 0, settings.getAgeMaxMillis())
                .atLeast("dedup_millis", 0, settings.getDedupMillis());
    }

    private static void admit(PublishMessages publish, Check check) {
        if (publish.getProducer().isEmpty()) {
            check.require(
                    publish.getSequence() == 0, "sequence", "is the number of a producer; name one, or leave it out");
        } else {
            check.atLeast("sequence", 1, publish.getSequence())
                    .atMost("sequence", Long.MAX_VALUE - publish.getMessagesCount(), publish.getSequence());
        }
    }

    private static void admit(String topic, GroupSettings settings, Check check) {
        check.atLeast("visibility_millis", 0, settings.getVisibilityMillis())
                .atLeast("attempts_max", 0, settings.getAttemptsMax())
                .require(
                        !settings.getDeadLetterTopic().equals(topic),
                        "dead_letter_topic",
                        "is the group's own topic, where it would get its dead letters again; name another one");
    }

    /** The topic of dead letters must be one that can be named. Without settings, the core looks at the group. */
    private static void admitDeadLetters(String topic, ConfigureGroup group, Check check) {
        if (group.hasSettings() && group.getSettings().getDeadLetterTopic().isEmpty()) {
            check.prefix("the name of the topic of dead letters", DeliveryEnds.deadLetters(topic, group.getGroup()));
        }
    }

    private static void admit(StartPosition start, Check check) {
        switch (start.getPositionCase()) {
            case OFFSET -> check.atLeast("offset", 0, start.getOffset());
            case LAST -> check.atLeast("last", 0, start.getLast());
            case DATE_MILLIS, POSITION_NOT_SET -> {}
        }
    }

    private static void admit(SettleDeliveries settle, Check check) {
        for (Settlement settlement : settle.getSettlementsList()) {
            check.atLeast("delay_millis", 0, settlement.getDelayMillis());
        }
    }

    static void admit(TopicQuery topic, Check check) {
        switch (topic.getOperationCase()) {
            case READ -> {
                admitName(topic, check);
                admit(topic.getRead().getStart(), check);
                check.atLeast("count", 0, topic.getRead().getCount())
                        .atLeast("bytes", 0, topic.getRead().getBytes());
            }
            case INSPECT, INSPECT_GROUP -> admitName(topic, check);
            case LIST, LIST_GROUPS -> {}
            case OPERATION_NOT_SET -> check.unknown("the topic query");
        }
    }

    private static void admitName(TopicQuery topic, Check check) {
        check.present("namespace", topic.getNamespace()).present("topic", topic.getTopic());
    }
}
