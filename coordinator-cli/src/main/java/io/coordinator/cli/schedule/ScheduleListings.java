package io.coordinator.cli.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.Columns;
import io.coordinator.cli.console.Dates;
import io.coordinator.cli.console.Elapsed;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.Printable;
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.client.schedule.ScheduleStatus;
import io.coordinator.client.schedule.ScheduleTiming;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Schedules, for people and for programs. */
final class ScheduleListings {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    static final Columns<ScheduleStatus> SCHEDULES = new Columns<ScheduleStatus>()
            .text("SCHEDULE", "schedule", ScheduleStatus::name)
            .column(
                    "STATE",
                    "paused",
                    schedule ->
                            schedule.paused() ? "paused" : schedule.nextTime().isPresent() ? "active" : "idle",
                    schedule -> BooleanNode.valueOf(schedule.paused()))
            .text("TIMES", "timing", schedule -> timing(schedule.options().timing()))
            .text("QUEUE", "queue", schedule -> schedule.options().queue())
            .column("NEXT", "next", schedule -> text(schedule.nextTime()), schedule -> json(schedule.nextTime()))
            .column("LAST", "last", schedule -> text(schedule.lastTime()), schedule -> json(schedule.lastTime()))
            .number("FIRED", "fired", ScheduleStatus::fired)
            .number("MISSED", "misfired", ScheduleStatus::misfired)
            .number("SKIPPED", "skipped", ScheduleStatus::skipped)
            .number("UNFINISHED", "unfinished", ScheduleStatus::unfinished);

    private ScheduleListings() {}

    // ---- times ----

    private static String timing(ScheduleTiming timing) {
        if (timing instanceof ScheduleTiming.Cron cron) {
            return cron.expression() + " " + cron.zone();
        }
        if (timing instanceof ScheduleTiming.Every every) {
            return "every " + Elapsed.text(every.interval().toMillis())
                    + (every.start() == null ? "" : " from " + Dates.text(every.start()));
        }
        return timing instanceof ScheduleTiming.At at ? "at " + Dates.text(at.date()) : "";
    }

    private static String text(Optional<Instant> time) {
        return time.map(Dates::text).orElse("");
    }

    private static JsonNode json(Optional<Instant> time) {
        return time.<JsonNode>map(date -> NODES.textNode(date.toString())).orElse(NODES.nullNode());
    }

    /** One in a line. */
    static String text(List<Instant> times) {
        StringBuilder lines = new StringBuilder();
        times.forEach(time -> lines.append(Dates.text(time)).append('\n'));
        return lines.toString();
    }

    static ArrayNode json(List<Instant> times) {
        ArrayNode array = NODES.arrayNode();
        times.forEach(time -> array.add(time.toString()));
        return array;
    }

    // ---- one schedule ----

    static String text(ScheduleStatus schedule) {
        return SCHEDULES.table(List.of(schedule)) + '\n' + Printable.lines(details(schedule)) + '\n';
    }

    private static String details(ScheduleStatus schedule) {
        ScheduleOptions options = schedule.options();
        return "payload: " + Json.brief(payload(options))
                + "\nits jobs have priority " + options.priority()
                + (options.key().isEmpty() ? "" : " and key '" + options.key() + "'")
                + limit("; an attempt may take ", options.attemptTimeout())
                + limit("; each waits a part of ", options.jitter())
                + "\nof times that were missed " + misfires(options)
                + "; while an earlier job is not finished: " + OverlapConverter.text(options.overlap())
                + (schedule.lastJobId() == null
                        ? ""
                        : "\nlast job: " + schedule.lastJobId() + " (coordinator job show '" + options.queue() + "' '"
                                + schedule.lastJobId() + "')");
    }

    /** Nothing for none. */
    private static String limit(String what, Duration time) {
        return time.isZero() ? "" : what + Elapsed.text(time.toMillis());
    }

    private static String misfires(ScheduleOptions options) {
        return switch (options.misfire()) {
            case FIRE_ONCE -> "the last one fires";
            case FIRE_NONE -> "none fires";
            case FIRE_ALL -> "the last " + options.misfiresMax() + " fire";
        };
    }

    private static JsonNode payload(ScheduleOptions options) {
        return Json.mapper().valueToTree(options.payload());
    }

    static ObjectNode json(ScheduleStatus schedule) {
        ScheduleOptions options = schedule.options();
        ObjectNode json = SCHEDULES.json(schedule);
        json.set("payload", payload(options));
        json.put("lastJobId", schedule.lastJobId());
        json.putObject("options")
                .put("key", options.key())
                .put("priority", options.priority())
                .put("attemptTimeoutMillis", options.attemptTimeout().toMillis())
                .put("misfire", options.misfire().name().toLowerCase(Locale.ROOT))
                .put("misfiresMax", options.misfiresMax())
                .put("overlap", OverlapConverter.text(options.overlap()))
                .put("jitterMillis", options.jitter().toMillis());
        return json;
    }
}
