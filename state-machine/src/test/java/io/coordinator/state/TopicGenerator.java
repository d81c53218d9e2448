package io.coordinator.state;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.ConfigureGroup;
import io.coordinator.protocol.ConfigureTopic;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.DeleteGroup;
import io.coordinator.protocol.DeleteTopic;
import io.coordinator.protocol.GroupSettings;
import io.coordinator.protocol.JoinGroup;
import io.coordinator.protocol.LeaveGroup;
import io.coordinator.protocol.NewMessage;
import io.coordinator.protocol.PublishMessages;
import io.coordinator.protocol.PurgeTopic;
import io.coordinator.protocol.RedriveMessages;
import io.coordinator.protocol.SettleDeliveries;
import io.coordinator.protocol.Settlement;
import io.coordinator.protocol.StartPosition;
import io.coordinator.protocol.TopicCommand;
import io.coordinator.protocol.TopicOverflow;
import io.coordinator.protocol.TopicSettings;
import java.util.Random;
import java.util.Set;

/** Topics with groups. Offsets are few, so that tokens and offsets of settlements fit each other now and then. */
final class TopicGenerator implements Generator {
    private final boolean onlyPublishing;

    TopicGenerator() {
        this(false);
    }

    /** @param onlyPublishing what transactions can have */
    TopicGenerator(boolean onlyPublishing) {
        this.onlyPublishing = onlyPublishing;
    }

    @Override
    public DataKind kind() {
        return DataKind.TOPIC;
    }

    @Override
    public Set<String> unowned() {
        return Set.of(
                "durableTopics",
                "topicMessages",
                "consumerGroups",
                "unsettledDeliveries",
                "groupLag",
                "groupRedeliveries",
                "groupDeadLetters",
                "groupMissed");
    }

    @Override
    public void fill(Command.Builder command, World world) {
        Random random = world.random();
        // Two topics, and what becomes of their dead letters.
        String name = world.name();
        TopicCommand.Builder topic = command.getTopicBuilder()
                .setNamespace("ns")
                .setTopic(random.nextInt(5) == 0 ? name + "." + group(world) + ".dead" : name);
        switch (onlyPublishing ? 24 : random.nextInt(24)) {
            case 0 -> topic.setConfigure(ConfigureTopic.newBuilder().setSettings(settings(world)));
            case 1 -> topic.setPurge(PurgeTopic.newBuilder().setBeforeOffset(random.nextInt(20)));
            case 2 -> {
                if (random.nextInt(4) == 0) {
                    topic.setDelete(DeleteTopic.getDefaultInstance());
                } else {
                    topic.setRedrive(RedriveMessages.newBuilder().setCount(random.nextInt(3)));
                }
            }
            case 3, 4 ->
                topic.setConfigureGroup(ConfigureGroup.newBuilder()
                        .setGroup(group(world))
                        .setSettings(groupSettings(world))
                        .setStart(start(world))
                        .setSeek(random.nextInt(3) == 0));
            case 5, 6, 7 ->
                topic.setJoin(JoinGroup.newBuilder().setGroup(group(world)).setCapacity(random.nextInt(6)));
            case 8 ->
                topic.setLeave(LeaveGroup.newBuilder()
                        .setGroup(group(world))
                        .setMember(world.seqBefore(command.getSeq()))
                        .setDrain(random.nextBoolean()));
            case 9 -> {
                if (random.nextInt(4) == 0) {
                    topic.setDeleteGroup(DeleteGroup.newBuilder().setGroup(group(world)));
                } else {
                    topic.setSettle(SettleDeliveries.newBuilder().setGroup(group(world)));
                }
            }
            case 10, 11, 12, 13, 14, 15 -> topic.setSettle(settle(world));
            default -> topic.setPublish(publish(world));
        }
    }

    private static String group(World world) {
        return "group-" + world.random().nextInt(2);
    }

    private static TopicSettings.Builder settings(World world) {
        Random random = world.random();
        return TopicSettings.newBuilder()
                .setMessagesMax(random.nextInt(12))
                .setBytesMax(random.nextInt(3) * 40L)
                .setAgeMaxMillis(random.nextBoolean() ? 0 : world.millis() * 3)
                .setOverflow(random.nextInt(3) == 0 ? TopicOverflow.REFUSE_NEW : TopicOverflow.DROP_OLDEST)
                .setDiscardAcknowledged(random.nextBoolean())
                .setDedupMillis(world.millis());
    }

    private static GroupSettings.Builder groupSettings(World world) {
        Random random = world.random();
        return GroupSettings.newBuilder()
                .setVisibilityMillis(world.millis())
                .setAttemptsMax(random.nextInt(3))
                .setOrderedByKey(random.nextBoolean())
                .setExclusive(random.nextInt(3) == 0);
    }

    private static StartPosition.Builder start(World world) {
        Random random = world.random();
        return switch (random.nextInt(4)) {
            case 0 -> StartPosition.newBuilder().setOffset(random.nextInt(30));
            case 1 -> StartPosition.newBuilder().setLast(random.nextInt(5));
            case 2 -> StartPosition.newBuilder().setDateMillis(random.nextInt(5_000));
            default -> StartPosition.newBuilder();
        };
    }

    /** Somebody's tokens with all offsets at which they could be. */
    private static SettleDeliveries.Builder settle(World world) {
        Random random = world.random();
        SettleDeliveries.Builder settle = SettleDeliveries.newBuilder().setGroup(group(world));
        Settlement.Kind kind = Settlement.Kind.forNumber(random.nextInt(5));
        int from = random.nextInt(40);
        for (int offset = from; offset < from + 10; offset++) {
            for (int i = 0; i < 4; i++) {
                settle.addSettlements(Settlement.newBuilder()
                        .setOffset(offset)
                        .setToken(world.token())
                        .setKind(kind)
                        .setDelayMillis(random.nextBoolean() ? 0 : world.millis())
                        .setReason("why"));
            }
        }
        return settle;
    }

    private static PublishMessages.Builder publish(World world) {
        Random random = world.random();
        PublishMessages.Builder publish = PublishMessages.newBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            publish.addMessages(NewMessage.newBuilder()
                    .setValue(world.json())
                    .setKey(random.nextBoolean() ? "" : "key-" + random.nextInt(2)));
        }
        return random.nextBoolean()
                ? publish
                : publish.setProducer("producer-" + random.nextInt(2))
                        .setSequence(random.nextInt(100) == 0 ? 5_000 : 1 + random.nextInt(30));
    }
}
