package io.coordinator.client.internal.durable;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.JoinGroup;
import io.coordinator.protocol.LeaveGroup;
import io.coordinator.protocol.SettleDeliveries;
import io.coordinator.protocol.Settlement;
import io.coordinator.protocol.TopicCommand;
import java.util.List;

/** Which group, and the messages of its members. */
record GroupTarget(TopicTarget topic, String group) {
    Command.Builder join(int capacity) {
        return envelope(
                topic.command().setJoin(JoinGroup.newBuilder().setGroup(group).setCapacity(capacity)));
    }

    Command.Builder leave(long member, boolean drain) {
        return envelope(topic.command()
                .setLeave(LeaveGroup.newBuilder()
                        .setGroup(group)
                        .setMember(member)
                        .setDrain(drain)));
    }

    Command.Builder settle(List<Settlement> settlements) {
        return envelope(topic.command()
                .setSettle(SettleDeliveries.newBuilder().setGroup(group).addAllSettlements(settlements)));
    }

    private static Command.Builder envelope(TopicCommand.Builder body) {
        return Command.newBuilder().setTopic(body);
    }

    @Override
    public String toString() {
        return "group " + group + " of " + topic;
    }
}
