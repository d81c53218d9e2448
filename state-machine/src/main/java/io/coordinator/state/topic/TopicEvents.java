package io.coordinator.state.topic;

import io.coordinator.protocol.DeliveryLost;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.LeasedMessages;
import io.coordinator.protocol.MembershipEnded;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.TopicEvent;
import io.coordinator.protocol.TurnStarted;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;

/** What members of groups are told. */
final class TopicEvents {
    private TopicEvents() {}

    static void delivered(Name topic, String group, PoolMember member, LeasedMessages messages, Effects effects) {
        tell(member, event(topic, group).setDelivered(messages), effects);
    }

    static void turnStarted(Name topic, String group, PoolMember member, Effects effects) {
        tell(
                member,
                event(topic, group).setTurnStarted(TurnStarted.newBuilder().setToken(member.getTurnToken())),
                effects);
    }

    static void lost(Name topic, String group, PoolMember member, long offset, long token, Effects effects) {
        tell(
                member,
                event(topic, group)
                        .setLost(DeliveryLost.newBuilder().setOffset(offset).setToken(token)),
                effects);
    }

    static void ended(Name topic, String group, PoolMember member, String reason, Effects effects) {
        tell(member, event(topic, group).setEnded(MembershipEnded.newBuilder().setReason(reason)), effects);
    }

    private static TopicEvent.Builder event(Name topic, String group) {
        return TopicEvent.newBuilder()
                .setNamespace(topic.namespace())
                .setTopic(topic.name())
                .setGroup(group);
    }

    private static void tell(PoolMember member, TopicEvent.Builder event, Effects effects) {
        effects.tell(
                member.getSessionId(),
                Event.newBuilder().setRequestSeq(member.getRequestSeq()).setTopic(event));
    }
}
