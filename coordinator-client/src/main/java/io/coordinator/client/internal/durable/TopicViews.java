package io.coordinator.client.internal.durable;

import io.coordinator.client.internal.async.Times;
import io.coordinator.client.topic.GroupOptions;
import io.coordinator.client.topic.GroupStatus;
import io.coordinator.client.topic.GroupSummary;
import io.coordinator.client.topic.TopicOptions;
import io.coordinator.client.topic.TopicStatus;
import io.coordinator.client.topic.TopicSummary;
import io.coordinator.protocol.GroupInspection;
import io.coordinator.protocol.GroupSettings;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.TopicInspection;
import io.coordinator.protocol.TopicOverflow;
import io.coordinator.protocol.TopicSettings;
import java.time.Duration;

/** What the cluster's answers about topics look like to user code, and options as messages. */
public final class TopicViews {
    private TopicViews() {}

    static TopicSettings settings(TopicOptions options) {
        return TopicSettings.newBuilder()
                .setMessagesMax(options.messagesMax())
                .setBytesMax(options.bytesMax())
                .setAgeMaxMillis(Times.millis(options.ageMax()))
                .setOverflow(
                        options.overflow() == TopicOptions.Overflow.REFUSE_NEW
                                ? TopicOverflow.REFUSE_NEW
                                : TopicOverflow.DROP_OLDEST)
                .setDiscardAcknowledged(options.discardsAcknowledged())
                .setDedupMillis(Times.millis(options.dedupFor()))
                .build();
    }

    static GroupSettings settings(GroupOptions options) {
        return GroupSettings.newBuilder()
                .setVisibilityMillis(Times.millis(options.visibility()))
                .setAttemptsMax(options.attemptsMax())
                .setDeadLetterTopic(options.deadLetterTopic())
                .setOrderedByKey(options.orderedByKey())
                .setExclusive(options.exclusive())
                .build();
    }

    private static TopicOptions options(TopicSettings settings) {
        return new TopicOptions(
                settings.getMessagesMax(),
                settings.getBytesMax(),
                Duration.ofMillis(settings.getAgeMaxMillis()),
                settings.getOverflow() == TopicOverflow.REFUSE_NEW
                        ? TopicOptions.Overflow.REFUSE_NEW
                        : TopicOptions.Overflow.DROP_OLDEST,
                settings.getDiscardAcknowledged(),
                Duration.ofMillis(settings.getDedupMillis()));
    }

    private static GroupOptions options(GroupSettings settings) {
        return new GroupOptions(
                Duration.ofMillis(settings.getVisibilityMillis()),
                settings.getAttemptsMax(),
                settings.getDeadLetterTopic(),
                settings.getOrderedByKey(),
                settings.getExclusive());
    }

    static TopicStatus status(TopicInspection inspection) {
        return new TopicStatus(
                summary(inspection.getSummary()),
                options(inspection.getSettings()),
                inspection.getGroupsList().stream().map(TopicViews::summary).toList());
    }

    static TopicSummary summary(io.coordinator.protocol.TopicSummary topic) {
        return new TopicSummary(
                topic.getNamespace(),
                topic.getTopic(),
                topic.getFirstOffset(),
                topic.getNextOffset(),
                topic.getBytes(),
                topic.getGroups(),
                topic.getProducers(),
                topic.getDuplicates());
    }

    static GroupStatus status(GroupInspection inspection) {
        return new GroupStatus(
                summary(inspection.getSummary()),
                options(inspection.getSettings()),
                inspection.getMembersList().stream().map(TopicViews::member).toList());
    }

    private static GroupStatus.Member member(PoolMember member) {
        return new GroupStatus.Member(
                member.getSessionId(),
                member.getClientName(),
                member.getCapacity(),
                member.getLeased(),
                member.getTurnToken(),
                member.getLeaving());
    }

    public static GroupSummary summary(io.coordinator.protocol.GroupSummary group) {
        return new GroupSummary(
                group.getNamespace(),
                group.getTopic(),
                group.getGroup(),
                group.getNextOffset(),
                group.getLag(),
                group.getLeased(),
                group.getWaiting(),
                group.getOldestOffset(),
                Duration.ofMillis(group.getOldestAgeMillis()),
                group.getMembers(),
                group.getRedeliveries(),
                group.getDeadLetters(),
                group.getMissed());
    }
}
