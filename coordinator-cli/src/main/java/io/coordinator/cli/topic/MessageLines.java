package io.coordinator.cli.topic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.topic.Delivery;
import io.coordinator.client.topic.RecordGap;
import io.coordinator.client.topic.TopicGap;
import io.coordinator.client.topic.TopicMessage;
import io.coordinator.client.topic.TopicRecord;
import java.util.Locale;

/** Messages as lines, for programs and for people, and gaps between them in words. */
final class MessageLines {
    private final OutputFormat format;

    MessageLines(OutputFormat format) {
        this.format = format;
    }

    String of(TopicMessage message) {
        if (format == OutputFormat.table) {
            return message.topic() + " " + Json.line(message.json());
        }
        ObjectNode json = Json.object()
                .put("topic", message.topic())
                .put("epoch", message.epoch())
                .put("sequence", message.sequence())
                .put("publisher", message.publisher());
        json.set("value", message.json());
        return Json.line(json);
    }

    String of(TopicRecord message) {
        return format == OutputFormat.table ? text(message) : Json.line(json(message));
    }

    String of(Delivery delivery) {
        if (format == OutputFormat.table) {
            String again = delivery.attempt() > 1 ? " (attempt " + delivery.attempt() + ")" : "";
            return text(delivery.record()) + again;
        }
        return Json.line(json(delivery.record()).put("attempt", delivery.attempt()));
    }

    private static String text(TopicRecord message) {
        return String.format(
                Locale.ROOT,
                "%-10d %s %s%s",
                message.offset(),
                message.publishedAt(),
                message.key().isEmpty() ? "" : message.key() + " ",
                Json.line(message.json()));
    }

    private static ObjectNode json(TopicRecord message) {
        ObjectNode json = Json.object()
                .put("offset", message.offset())
                .put("key", message.key())
                .put("time", message.publishedAt().toString());
        json.set("value", message.json());
        message.deadLetter()
                .ifPresent(origin -> json.set(
                        "deadLetter",
                        Json.object()
                                .put("topic", origin.topic())
                                .put("group", origin.group())
                                .put("offset", origin.offset())
                                .put("attempts", origin.attempts())
                                .put("reason", origin.reason())));
        return json;
    }

    static String gap(TopicGap gap) {
        return switch (gap.cause()) {
            case SLOW_CLIENT, SLOW_HANDLER ->
                "missed " + gap.messages() + " messages: they came faster than they could be printed";
            case RECONNECTED -> "missed what was published while the connection was lost, if anything was";
        };
    }

    static String gap(RecordGap gap) {
        String which = gap.count() == 0 ? "messages" : "messages " + gap.fromOffset() + " to " + gap.toOffset();
        return "missed " + which
                + switch (gap.reason()) {
                    case TRIMMED -> ": the topic does not keep them any more";
                    case DELETED -> ": the topic was deleted; offsets begin at 1 again";
                    case RESTORED ->
                        ": the topic ends before them. The cluster was started from older copies of its"
                                + " disks, or the topic was made anew";
                };
    }
}
