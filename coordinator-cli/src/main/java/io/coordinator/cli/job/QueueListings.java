package io.coordinator.cli.job;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.ClientNames;
import io.coordinator.cli.console.Columns;
import io.coordinator.cli.console.Elapsed;
import io.coordinator.client.job.QueueOptions;
import io.coordinator.client.job.QueueStatus;
import io.coordinator.client.job.QueueSummary;
import io.coordinator.client.option.RetryOptions;
import java.time.Duration;
import java.util.List;

/** Queues of jobs, for people and for programs. */
final class QueueListings {
    static final Columns<QueueSummary> QUEUES = new Columns<QueueSummary>()
            .text("QUEUE", "queue", QueueSummary::name)
            .column(
                    "STATE",
                    "paused",
                    queue -> queue.paused() ? "paused" : "open",
                    queue -> BooleanNode.valueOf(queue.paused()))
            .number("WAITING", "waiting", QueueSummary::waiting)
            .elapsed("OLDEST", "oldestWaitMillis", queue -> queue.oldestWait().toMillis())
            .number("DELAYED", "delayed", QueueSummary::delayed)
            .number("RUNNING", "running", QueueSummary::running)
            .number("WORKERS", "workers", QueueSummary::workers)
            .number("DEAD", "dead", QueueSummary::dead)
            .number("FINISHED", "finished", QueueSummary::finished)
            .numberMember("submitted", QueueSummary::submitted)
            .numberMember("succeeded", QueueSummary::succeeded)
            .numberMember("attemptsFailed", QueueSummary::attemptsFailed)
            .numberMember("attemptsLost", QueueSummary::attemptsLost)
            .numberMember("died", QueueSummary::died)
            .numberMember("retrying", QueueSummary::retrying)
            .numberMember("freeSlots", QueueSummary::freeSlots);

    private static final Columns<QueueStatus.Member> WORKERS = new Columns<QueueStatus.Member>()
            .text("CLIENT", "clientName", QueueStatus.Member::clientName)
            .text("HOST", "host", worker -> ClientNames.host(worker.clientName()))
            .id("SESSION", "sessionId", QueueStatus.Member::sessionId)
            .number("RUNNING", "running", QueueStatus.Member::running)
            .number("TAKES", "concurrency", QueueStatus.Member::concurrency)
            .column(
                    "LEAVES",
                    "draining",
                    worker -> worker.draining() ? "yes" : Columns.NONE,
                    worker -> BooleanNode.valueOf(worker.draining()));

    private QueueListings() {}

    static String text(QueueStatus queue) {
        QueueSummary summary = queue.summary();
        return QUEUES.table(List.of(summary))
                + "\nsince it was made: " + summary.submitted() + " submitted, " + summary.succeeded() + " succeeded, "
                + summary.attemptsFailed() + " attempts failed, " + summary.attemptsLost() + " lost\n"
                + settings(queue.options())
                + (queue.workers().isEmpty() ? "" : '\n' + WORKERS.table(queue.workers()));
    }

    private static String settings(QueueOptions options) {
        RetryOptions retry = options.retry();
        return "runs "
                + (options.concurrencyMax() == 0 ? "as many as workers take" : "up to " + options.concurrencyMax())
                + ", of one key " + Math.max(1, options.keyConcurrencyMax())
                + "; takes up to " + orDefault(options.jobsMax(), 1_000_000) + " jobs"
                + "; remembers " + orDefault(options.finishedMax(), 10_000) + " finished ones for "
                + text(options.retention().isZero() ? Duration.ofHours(1) : options.retention())
                + "\ntries each " + retry.attemptsMax() + " times; waits " + text(retry.backoff()) + ", then "
                + retry.factorPercent() + " % of that each time, up to " + text(retry.backoffMax()) + ", less up to "
                + retry.jitterPercent() + " %; an attempt may take "
                + (options.attemptTimeout().isZero()
                        ? "as long as its worker's session lives"
                        : text(options.attemptTimeout()))
                + '\n';
    }

    private static int orDefault(int value, int otherwise) {
        return value == 0 ? otherwise : value;
    }

    private static String text(Duration time) {
        return Elapsed.text(time.toMillis());
    }

    /** As they were set: 0 is the default. */
    static ObjectNode json(QueueStatus queue) {
        QueueOptions options = queue.options();
        RetryOptions retry = options.retry();
        ObjectNode json = QUEUES.json(queue.summary());
        json.putObject("options")
                .put("concurrencyMax", options.concurrencyMax())
                .put("keyConcurrencyMax", options.keyConcurrencyMax())
                .put("jobsMax", options.jobsMax())
                .put("finishedMax", options.finishedMax())
                .put("retentionMillis", options.retention().toMillis())
                .put("attemptTimeoutMillis", options.attemptTimeout().toMillis())
                .put("attemptsMax", retry.attemptsMax())
                .put("backoffMillis", retry.backoff().toMillis())
                .put("backoffMaxMillis", retry.backoffMax().toMillis())
                .put("factorPercent", retry.factorPercent())
                .put("jitterPercent", retry.jitterPercent());
        json.set("workerList", WORKERS.array(queue.workers()));
        return json;
    }
}
