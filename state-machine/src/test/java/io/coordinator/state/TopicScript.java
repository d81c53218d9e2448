package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ConfigureGroup;
import io.coordinator.protocol.ConfigureTopic;
import io.coordinator.protocol.DeleteGroup;
import io.coordinator.protocol.DeleteTopic;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.GroupInspection;
import io.coordinator.protocol.GroupSettings;
import io.coordinator.protocol.GroupSummary;
import io.coordinator.protocol.InspectGroup;
import io.coordinator.protocol.InspectTopic;
import io.coordinator.protocol.JoinGroup;
import io.coordinator.protocol.LeasedMessage;
import io.coordinator.protocol.LeaveGroup;
import io.coordinator.protocol.MessagePage;
import io.coordinator.protocol.NewMessage;
import io.coordinator.protocol.PublishMessages;
import io.coordinator.protocol.PurgeTopic;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.ReadMessages;
import io.coordinator.protocol.RedriveMessages;
import io.coordinator.protocol.SettleDeliveries;
import io.coordinator.protocol.Settlement;
import io.coordinator.protocol.StartPosition;
import io.coordinator.protocol.StoredMessage;
import io.coordinator.protocol.TopicAnswer;
import io.coordinator.protocol.TopicCommand;
import io.coordinator.protocol.TopicInspection;
import io.coordinator.protocol.TopicQuery;
import io.coordinator.protocol.TopicSettings;
import io.coordinator.state.kernel.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A script with the verbs of topics and groups. */
abstract class TopicScript extends Script {
    TopicScript() {}

    /** With data types of its own. */
    TopicScript(UnaryOperator<DataType> around) {
        super(around);
    }

    // ---- topics ----

    Outcome publish(String session, String topic, String... values) {
        return publish(session, topic, messages("", values));
    }

    /** Messages of one key. */
    Outcome publishKeyed(String session, String topic, String key, String... values) {
        return publish(session, topic, messages(key, values));
    }

    Outcome produce(String session, String topic, String producer, long sequence, String... values) {
        return publish(
                session, topic, messages("", values).setProducer(producer).setSequence(sequence));
    }

    Outcome publish(String session, String topic, PublishMessages.Builder publish) {
        return topic(session, topic, b -> b.setPublish(publish));
    }

    static PublishMessages.Builder messages(String key, String... values) {
        PublishMessages.Builder publish = PublishMessages.newBuilder();
        for (String value : values) {
            publish.addMessages(NewMessage.newBuilder()
                    .setValue(ByteString.copyFromUtf8(value))
                    .setKey(key));
        }
        return publish;
    }

    static Command.Builder publishCommand(String topic, String... values) {
        return command(topic, b -> b.setPublish(messages("", values)));
    }

    Outcome configure(String session, String topic, TopicSettings.Builder settings) {
        return topic(
                session, topic, b -> b.setConfigure(ConfigureTopic.newBuilder().setSettings(settings)));
    }

    Outcome purge(String session, String topic, long before) {
        return topic(session, topic, b -> b.setPurge(PurgeTopic.newBuilder().setBeforeOffset(before)));
    }

    Outcome deleteTopic(String session, String topic) {
        return topic(session, topic, b -> b.setDelete(DeleteTopic.getDefaultInstance()));
    }

    Outcome redrive(String session, String topic, long count) {
        return topic(
                session, topic, b -> b.setRedrive(RedriveMessages.newBuilder().setCount(count)));
    }

    Outcome topic(String session, String topic, UnaryOperator<TopicCommand.Builder> operation) {
        return session(session).send(command(topic, operation));
    }

    static Command.Builder command(String topic, UnaryOperator<TopicCommand.Builder> operation) {
        return Command.newBuilder()
                .setTopic(operation.apply(
                        TopicCommand.newBuilder().setNamespace(Actor.NAMESPACE).setTopic(topic)));
    }

    static List<Long> offsets(Outcome published) {
        return published.reply().getTopic().getPublished().getOffsetsList();
    }

    MessagePage read(String topic, ReadMessages.Builder read) {
        return ask(TopicQuery.newBuilder().setTopic(topic).setRead(read)).getPage();
    }

    MessagePage read(String topic, long offset) {
        return read(
                topic,
                ReadMessages.newBuilder().setStart(StartPosition.newBuilder().setOffset(offset)));
    }

    static List<String> values(MessagePage page) {
        return page.getMessagesList().stream().map(TopicScript::value).toList();
    }

    static String value(StoredMessage message) {
        return message.getValue().toStringUtf8();
    }

    TopicInspection inspectTopic(String topic) {
        return ask(TopicQuery.newBuilder().setTopic(topic).setInspect(InspectTopic.getDefaultInstance()))
                .getInspection();
    }

    TopicAnswer ask(TopicQuery.Builder topic) {
        return query(Query.newBuilder().setTopic(topic.setNamespace(Actor.NAMESPACE)))
                .getTopic();
    }

    // ---- groups ----

    Outcome group(String session, String topic, String group, GroupSettings.Builder settings, StartPosition start) {
        return topic(
                session,
                topic,
                b -> b.setConfigureGroup(ConfigureGroup.newBuilder()
                        .setGroup(group)
                        .setSettings(settings)
                        .setStart(start)));
    }

    /** From the first message on. */
    Outcome group(String session, String topic, String group, GroupSettings.Builder settings) {
        return group(session, topic, group, settings, from(0));
    }

    /** Says no settings. */
    Outcome group(String session, String topic, String group, StartPosition start, boolean seek) {
        return topic(
                session,
                topic,
                b -> b.setConfigureGroup(ConfigureGroup.newBuilder()
                        .setGroup(group)
                        .setStart(start)
                        .setSeek(seek)));
    }

    Outcome seek(String session, String topic, String group, GroupSettings.Builder settings, long offset) {
        return topic(
                session,
                topic,
                b -> b.setConfigureGroup(ConfigureGroup.newBuilder()
                        .setGroup(group)
                        .setSettings(settings)
                        .setStart(from(offset))
                        .setSeek(true)));
    }

    static StartPosition from(long offset) {
        return StartPosition.newBuilder().setOffset(offset).build();
    }

    /** Returns the member. */
    long join(String session, String topic, String group, int capacity) {
        Outcome joined = topic(
                session,
                topic,
                b -> b.setJoin(JoinGroup.newBuilder().setGroup(group).setCapacity(capacity)));
        assertThat(joined.reply().getTopic().getJoined().getMember()).isEqualTo(joined.seq());
        return joined.seq();
    }

    boolean leave(String session, String topic, String group, long member, boolean drain) {
        return topic(
                        session,
                        topic,
                        b -> b.setLeave(LeaveGroup.newBuilder()
                                .setGroup(group)
                                .setMember(member)
                                .setDrain(drain)))
                .reply()
                .getTopic()
                .getLeft()
                .getWasMember();
    }

    Outcome deleteGroup(String session, String topic, String group) {
        return topic(
                session, topic, b -> b.setDeleteGroup(DeleteGroup.newBuilder().setGroup(group)));
    }

    Outcome settle(String session, String topic, String group, Settlement.Builder... settlements) {
        SettleDeliveries.Builder settle = SettleDeliveries.newBuilder().setGroup(group);
        for (Settlement.Builder settlement : settlements) {
            settle.addSettlements(settlement);
        }
        return topic(session, topic, b -> b.setSettle(settle));
    }

    static Settlement.Builder settlement(LeasedMessage message, Settlement.Kind kind) {
        return Settlement.newBuilder()
                .setOffset(message.getMessage().getOffset())
                .setToken(message.getToken())
                .setKind(kind);
    }

    /** Returns whether the lease still counted. */
    boolean settle(String session, String topic, String group, LeasedMessage message, Settlement.Kind kind) {
        Outcome outcome = settle(session, topic, group, settlement(message, kind));
        return outcome.reply().getTopic().getSettled().getOutcomesValue(0) == 0;
    }

    boolean acknowledge(String session, String topic, String group, LeasedMessage message) {
        return settle(session, topic, group, message, Settlement.Kind.ACKNOWLEDGE);
    }

    /** What a session has been given since the last call; it was told nothing else. */
    List<LeasedMessage> delivered(String session) {
        List<LeasedMessage> messages = new ArrayList<>();
        for (Event event : session(session).heard()) {
            assertThat(event.getTopic().hasDelivered()).as("%s", event).isTrue();
            messages.addAll(event.getTopic().getDelivered().getMessagesList());
        }
        return messages;
    }

    /** The same, and their values are these. */
    List<LeasedMessage> delivered(String session, String... values) {
        List<LeasedMessage> messages = delivered(session);
        assertThat(messages).extracting(m -> value(m.getMessage())).containsExactly(values);
        return messages;
    }

    GroupInspection inspectGroup(String topic, String group) {
        return ask(TopicQuery.newBuilder()
                        .setTopic(topic)
                        .setInspectGroup(InspectGroup.newBuilder().setGroup(group)))
                .getGroup();
    }

    GroupSummary summary(String topic, String group) {
        return inspectGroup(topic, group).getSummary();
    }

    /** The date of the next entries as well as their time. */
    Applied entry(long dateMillis) {
        return apply(Entry.newBuilder().setDateMillis(dateMillis));
    }
}
