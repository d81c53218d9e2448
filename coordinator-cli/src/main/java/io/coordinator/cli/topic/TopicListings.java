package io.coordinator.cli.topic;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.Columns;
import io.coordinator.cli.console.Elapsed;
import io.coordinator.client.topic.GroupOptions;
import io.coordinator.client.topic.GroupStatus;
import io.coordinator.client.topic.GroupSummary;
import io.coordinator.client.topic.TopicOptions;
import io.coordinator.client.topic.TopicStatus;
import io.coordinator.client.topic.TopicSummary;
import java.time.Duration;
import java.util.List;

/** Durable topics and their groups, for people and for programs. */
final class TopicListings {
    static final Columns<TopicSummary> TOPICS = new Columns<TopicSummary>()
            .text("TOPIC", "topic", TopicSummary::name)
            .number("MESSAGES", "messages", TopicSummary::messages)
            .number("FIRST", "firstOffset", TopicSummary::firstOffset)
            .number("NEXT", "nextOffset", TopicSummary::nextOffset)
            .number("BYTES", "bytes", TopicSummary::bytes)
            .number("GROUPS", "groups", TopicSummary::groups)
            .numberMember("producers", TopicSummary::producers)
            .numberMember("duplicates", TopicSummary::duplicates);

    static final Columns<GroupSummary> GROUPS = new Columns<GroupSummary>()
            .text("TOPIC", "topic", GroupSummary::topic)
            .text("GROUP", "group", GroupSummary::name)
            .number("LAG", "lag", GroupSummary::lag)
            .column(
                    "OLDEST",
                    "oldestAgeMillis",
                    group -> group.oldestOffset() == 0
                            ? Columns.NONE
                            : Elapsed.text(group.oldestAge().toMillis()),
                    group -> JsonNodeFactory.instance.numberNode(
                            group.oldestAge().toMillis()))
            .numberMember("oldestOffset", GroupSummary::oldestOffset)
            .number("LEASED", "leased", GroupSummary::leased)
            .number("WAITING", "waiting", GroupSummary::waiting)
            .number("MEMBERS", "members", GroupSummary::members)
            .number("REDELIVERIES", "redeliveries", GroupSummary::redeliveries)
            .number("DEAD LETTERS", "deadLetters", GroupSummary::deadLetters)
            .number("MISSED", "missed", GroupSummary::missed)
            .numberMember("nextOffset", GroupSummary::nextOffset);

    private static final Columns<GroupStatus.Member> MEMBERS = new Columns<GroupStatus.Member>()
            .text("CLIENT", "clientName", GroupStatus.Member::clientName)
            .id("SESSION", "sessionId", GroupStatus.Member::sessionId)
            .number("LEASED", "leased", GroupStatus.Member::leased)
            .number("TAKES", "capacity", GroupStatus.Member::capacity)
            .column(
                    "TURN",
                    "turnToken",
                    member -> member.turnToken() == 0 ? Columns.NONE : Long.toUnsignedString(member.turnToken()),
                    member -> JsonNodeFactory.instance.numberNode(member.turnToken()))
            .column(
                    "LEAVES",
                    "leaving",
                    member -> member.leaving() ? "yes" : Columns.NONE,
                    member -> JsonNodeFactory.instance.booleanNode(member.leaving()));

    private TopicListings() {}

    // ---- one topic ----

    static String table(TopicStatus topic) {
        return TOPICS.table(List.of(topic.summary()))
                + "\nkeeps " + kept(topic.options()) + '\n'
                + (topic.groups().isEmpty() ? "" : '\n' + GROUPS.table(topic.groups()));
    }

    private static String kept(TopicOptions options) {
        return "up to " + options.messagesMax() + " messages and " + options.bytesMax() + " bytes"
                + (options.ageMax().isZero() ? "" : ", for " + text(options.ageMax()))
                + (options.overflow() == TopicOptions.Overflow.REFUSE_NEW
                        ? "; refuses new ones while it is full"
                        : "; drops the oldest")
                + (options.discardsAcknowledged() ? "; drops what every group has acknowledged" : "");
    }

    static ObjectNode json(TopicStatus topic) {
        TopicOptions options = topic.options();
        ObjectNode json = TOPICS.json(topic.summary());
        json.putObject("options")
                .put("messagesMax", options.messagesMax())
                .put("bytesMax", options.bytesMax())
                .put("ageMaxMillis", options.ageMax().toMillis())
                .put("refusesNew", options.overflow() == TopicOptions.Overflow.REFUSE_NEW)
                .put("discardsAcknowledged", options.discardsAcknowledged())
                .put("dedupMillis", options.dedupFor().toMillis());
        json.set("groupList", GROUPS.array(topic.groups()));
        return json;
    }

    // ---- one group ----

    static String table(GroupStatus group) {
        return GROUPS.table(List.of(group.summary()))
                + "\ndelivers " + delivered(group) + '\n'
                + (group.members().isEmpty() ? "" : '\n' + MEMBERS.table(group.members()));
    }

    private static String delivered(GroupStatus group) {
        GroupOptions options = group.options();
        return (options.visibility().isZero()
                        ? "until the session ends"
                        : "for " + text(options.visibility()) + " at a time")
                + (options.attemptsMax() == 0
                        ? ", as often as it takes"
                        : ", up to " + options.attemptsMax() + " times; then to '" + deadLetters(group) + "'")
                + (options.orderedByKey() ? "; in the order of each key" : "")
                + (options.exclusive() ? "; to one member at a time" : "");
    }

    private static String deadLetters(GroupStatus group) {
        String topic = group.options().deadLetterTopic();
        return topic.isEmpty() ? group.summary().topic() + "." + group.summary().name() + ".dead" : topic;
    }

    static ObjectNode json(GroupStatus group) {
        GroupOptions options = group.options();
        ObjectNode json = GROUPS.json(group.summary());
        json.putObject("options")
                .put("visibilityMillis", options.visibility().toMillis())
                .put("attemptsMax", options.attemptsMax())
                .put("deadLetterTopic", deadLetters(group))
                .put("orderedByKey", options.orderedByKey())
                .put("exclusive", options.exclusive());
        json.set("memberList", MEMBERS.array(group.members()));
        return json;
    }

    private static String text(Duration time) {
        return Elapsed.text(time.toMillis());
    }
}
