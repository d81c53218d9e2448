package io.coordinator.client.internal.durable;

import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.work.ClientSide;
import io.coordinator.client.topic.AsyncConsumerGroup;
import io.coordinator.client.topic.ConsumeOptions;
import io.coordinator.client.topic.Delivery;
import io.coordinator.client.topic.DeliveryHandler;
import io.coordinator.client.topic.GroupConsumer;
import io.coordinator.client.topic.GroupOptions;
import io.coordinator.client.topic.GroupStatus;
import io.coordinator.client.topic.StartAt;
import io.coordinator.protocol.ConfigureGroup;
import io.coordinator.protocol.DeleteGroup;
import io.coordinator.protocol.InspectGroup;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Flow;

/** One consumer group, as messages. */
final class GroupCalls implements AsyncConsumerGroup {
    private final DurableTopicCalls calls;
    private final ClientSide side;
    private final String group;

    GroupCalls(DurableTopicCalls calls, ClientSide side, String group) {
        this.calls = calls;
        this.side = side;
        this.group = group;
    }

    @Override
    public String topic() {
        return calls.name();
    }

    @Override
    public String name() {
        return group;
    }

    @Override
    public Promise<Boolean> configure(GroupOptions options, StartAt start) {
        return calls.command(
                body -> body.setConfigureGroup(ConfigureGroup.newBuilder()
                        .setGroup(group)
                        .setSettings(TopicViews.settings(options))
                        .setStart(TopicEnvelopes.position(start))),
                reply -> reply.getGroupConfigured().getCreated());
    }

    @Override
    public Promise<Long> seek(StartAt start) {
        return calls.command(
                body -> body.setConfigureGroup(ConfigureGroup.newBuilder()
                        .setGroup(group)
                        .setStart(TopicEnvelopes.position(start))
                        .setSeek(true)),
                reply -> reply.getGroupConfigured().getNextOffset());
    }

    @Override
    public Promise<Optional<GroupStatus>> inspect() {
        return calls.query(
                body -> body.setInspectGroup(InspectGroup.newBuilder().setGroup(group)),
                answer -> answer.getTopic().getGroup().getExists()
                        ? Optional.of(TopicViews.status(answer.getTopic().getGroup()))
                        : Optional.empty());
    }

    @Override
    public Promise<Boolean> delete() {
        return calls.command(
                body -> body.setDeleteGroup(DeleteGroup.newBuilder().setGroup(group)),
                reply -> reply.getGroupDeleted().getExisted());
    }

    @Override
    public GroupConsumer consume(DeliveryHandler handler, ConsumeOptions options) {
        Objects.requireNonNull(handler, "handler");
        return new HandlingConsumer(calls.calls(), side, target(), handler, options).begin();
    }

    @Override
    public Flow.Publisher<Delivery> deliveries(ConsumeOptions options) {
        return new DeliveryPublisher(calls.calls(), side, target(), options);
    }

    private GroupTarget target() {
        return new GroupTarget(calls.target(), group);
    }
}
