package io.coordinator.cli.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.coordinator.cli.console.Columns;
import io.coordinator.cli.console.Dates;
import io.coordinator.cli.console.JobSearch;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.Printable;
import io.coordinator.client.job.JobFailure;
import io.coordinator.client.job.JobSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Lists of jobs, for people and for programs. */
final class JobListings {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    static final Columns<WorkItem> WORK = new Columns<WorkItem>()
            .text("KIND", "kind", WorkItem::kind)
            .text("QUEUE", "queue", WorkItem::queue)
            .text("JOB", "id", WorkItem::id)
            .text("STATE", "state", WorkItem::state)
            .column(
                    "ATTEMPTS",
                    "attempts",
                    item -> item.attempts() == 0 ? "" : Integer.toString(item.attempts()),
                    item -> NODES.numberNode(item.attempts()))
            .text("KEY", "key", WorkItem::key)
            .column("SINCE", "since", item -> text(item.since()), item -> date(item.since()))
            .elapsedIf("DUE IN", "dueInMillis", item -> millis(item.dueIn()))
            .text("WORKER", "worker", WorkItem::worker)
            .text("", "host", WorkItem::host)
            .member("submittedAt", item -> date(item.job().map(JobSummary::submittedAt)))
            .text("", "submitter", item -> item.job().map(JobSummary::submitter).orElse(""))
            .text("", "schedule", item -> item.job().map(JobSummary::schedule).orElse(""))
            .numberMember(
                    "priority", item -> item.job().map(JobSummary::priority).orElse(0));

    static final Columns<JobSearch.Found> DEAD = new Columns<JobSearch.Found>()
            .text("JOB", "id", dead -> dead.job().summary().id())
            .number("ATTEMPTS", "attempts", dead -> dead.job().summary().attempts())
            .text("KEY", "key", dead -> dead.job().summary().key())
            .column(
                    "DIED",
                    "finishedAt",
                    dead -> text(dead.job().summary().finishedAt()),
                    dead -> date(dead.job().summary().finishedAt()))
            .column(
                    "FAILURE",
                    "failure",
                    dead -> dead.job().failure().map(JobListings::brief).orElse(""),
                    dead -> json(dead.job().failure()));

    private JobListings() {}

    // ---- cells ----

    static String text(Optional<Instant> date) {
        return date.map(Dates::text).orElse("");
    }

    static OptionalLong millis(Optional<Duration> time) {
        return time.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(time.get().toMillis());
    }

    static String brief(JobFailure failure) {
        return Printable.brief(failure.code() + ": " + failure.message());
    }

    // ---- members ----

    /** To the millisecond; null for none. */
    static JsonNode date(Optional<Instant> date) {
        return date.<JsonNode>map(time -> NODES.textNode(time.toString())).orElse(NODES.nullNode());
    }

    static JsonNode json(Optional<JobFailure> failure) {
        return failure.<JsonNode>map(why -> Json.object()
                        .put("code", why.code())
                        .put("message", why.message())
                        .put("type", why.type())
                        .put("permanent", why.permanent()))
                .orElse(NODES.nullNode());
    }
}
