package io.coordinator.cli.command;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Columns;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.cli.console.TextTable;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.ClusterStats;
import io.coordinator.client.cluster.NamespaceUsage;
import io.coordinator.client.job.QueueSummary;
import io.coordinator.client.rpc.ProcedureSummary;
import io.coordinator.client.topic.GroupSummary;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;

/** {@code coordinator stats}. */
@Command(
        name = "stats",
        description = "Show what the cluster keeps, how much of its quota that takes, the 20 consumer groups that are"
                + " furthest behind, the 20 procedures with most calls, and the 20 queues whose jobs have waited"
                + " longest.",
        footerHeading = Help.EXAMPLES,
        footer = {"  coordinator stats", "  coordinator stats -o json"})
public final class StatsCommand implements Runnable {
    private static final double PERCENT = 100.0;
    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

    private static final Columns<NamespaceUsage> USAGE = new Columns<NamespaceUsage>()
            .text("KIND", "data", NamespaceUsage::data)
            .text("NAMESPACE", "namespace", NamespaceUsage::namespace)
            .number("ROWS", "rows", NamespaceUsage::rows)
            .number("BYTES", "bytes", NamespaceUsage::bytes);

    private static final Columns<GroupSummary> GROUPS = new Columns<GroupSummary>()
            .text("NAMESPACE", "namespace", GroupSummary::namespace)
            .text("TOPIC", "topic", GroupSummary::topic)
            .text("GROUP", "group", GroupSummary::name)
            .number("LAG", "lag", GroupSummary::lag)
            .elapsed("OLDEST", "oldestAgeMillis", group -> group.oldestAge().toMillis())
            .number("MEMBERS", "members", GroupSummary::members)
            .number("REDELIVERIES", "redeliveries", GroupSummary::redeliveries)
            .number("DEAD LETTERS", "deadLetters", GroupSummary::deadLetters)
            .number("MISSED", "missed", GroupSummary::missed);

    private static final Columns<ProcedureSummary> PROCEDURES = new Columns<ProcedureSummary>()
            .text("NAMESPACE", "namespace", ProcedureSummary::namespace)
            .text("PROCEDURE", "name", ProcedureSummary::name)
            .number("WORKERS", "workers", ProcedureSummary::workers)
            .number("IN FLIGHT", "inFlight", ProcedureSummary::inFlight)
            .number("BACKLOG", "backlog", ProcedureSummary::backlog)
            .numberMember("pendingCalls", ProcedureSummary::pendingCalls)
            .elapsed(
                    "LONGEST WAIT",
                    "longestWaitMillis",
                    procedure -> procedure.longestWait().toMillis());

    private static final Columns<QueueSummary> QUEUES = new Columns<QueueSummary>()
            .text("NAMESPACE", "namespace", QueueSummary::namespace)
            .text("QUEUE", "queue", QueueSummary::name)
            .number("WAITING", "waiting", QueueSummary::waiting)
            .elapsed("OLDEST", "oldestWaitMillis", queue -> queue.oldestWait().toMillis())
            .number("DELAYED", "delayed", QueueSummary::delayed)
            .number("RETRYING", "retrying", QueueSummary::retrying)
            .number("RUNNING", "running", QueueSummary::running)
            .number("DEAD", "dead", QueueSummary::dead)
            .number("WORKERS", "workers", QueueSummary::workers)
            .number("FREE SLOTS", "freeSlots", QueueSummary::freeSlots)
            .number("SUCCEEDED", "succeeded", QueueSummary::succeeded)
            .number("FAILED", "attemptsFailed", QueueSummary::attemptsFailed)
            .number("LOST", "attemptsLost", QueueSummary::attemptsLost)
            .numberMember("submitted", QueueSummary::submitted)
            .numberMember("died", QueueSummary::died)
            .cell("PAUSED", queue -> queue.paused() ? "yes" : "")
            .member("paused", queue -> BooleanNode.valueOf(queue.paused()));

    private final Console console;
    private final GlobalOptions options;

    public StatsCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        try (CoordinatorClient client = new ClusterAccess(options).connect()) {
            ClusterStats stats = client.stats();
            boolean table = options.output(OutputFormat.table) == OutputFormat.table;
            console.out().print(table ? table(stats) : Json.line(json(stats)) + "\n");
        }
    }

    private static String table(ClusterStats stats) {
        TextTable counts = new TextTable("WHAT", "COUNT");
        counts.row("sessions", Long.toString(stats.sessions()));
        stats.counts().forEach((name, count) -> counts.row(words(name), Long.toString(count)));
        counts.row("large jobs", Long.toString(stats.chores()));
        return counts.render() + "\nstate: " + share(stats) + "\n\n" + USAGE.table(stats.usage())
                + unlessEmpty(GROUPS, stats.groups()) + unlessEmpty(PROCEDURES, stats.procedures())
                + unlessEmpty(QUEUES, stats.queues());
    }

    private static <T> String unlessEmpty(Columns<T> columns, List<T> rows) {
        return rows.isEmpty() ? "" : "\n" + columns.table(rows);
    }

    /** {@code lockWaiters} as people say it. */
    private static String words(String name) {
        return CAPITAL.matcher(name).replaceAll(" $0").toLowerCase(Locale.ROOT);
    }

    private static String share(ClusterStats stats) {
        return stats.stateBytesMax() == 0
                ? stats.stateBytes() + " bytes, no quota yet"
                : String.format(
                        "%d of %d bytes (%.1f %%)",
                        stats.stateBytes(),
                        stats.stateBytesMax(),
                        PERCENT * stats.stateBytes() / stats.stateBytesMax());
    }

    private static ObjectNode json(ClusterStats stats) {
        ObjectNode json = Json.object().put("sessions", stats.sessions());
        stats.counts().forEach(json::put);
        json.put("chores", stats.chores())
                .put("stateBytes", stats.stateBytes())
                .put("stateBytesMax", stats.stateBytesMax())
                .put("lastToken", stats.lastToken())
                .put("revision", stats.revision())
                .put("index", stats.index());
        json.set("usage", USAGE.array(stats.usage()));
        json.set("groupList", GROUPS.array(stats.groups()));
        json.set("procedureList", PROCEDURES.array(stats.procedures()));
        json.set("queueList", QUEUES.array(stats.queues()));
        return json;
    }
}
