package io.coordinator.cli.holders;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Columns;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.Kind;
import io.coordinator.cli.console.ListOptions;
import io.coordinator.cli.console.ListPrinter;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.lock.AuditRecord;
import io.coordinator.client.lock.HeldLocks;
import io.coordinator.client.lock.LockInspection;
import io.coordinator.client.lock.WaitCycle;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator locks}. */
@Command(
        name = "locks",
        description = "Show who holds and waits for which locks; see its commands. Alone: as 'locks ls'.",
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator locks ls orders/",
            "  coordinator locks show nightly-job",
            "  coordinator locks release nightly-job --reason 'host is gone'"
        })
public final class LocksCommand implements Runnable {
    private final Console console;
    private final GlobalOptions options;

    public LocksCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        list("", false, new ListOptions());
    }

    @Command(name = "ls", description = "List the locks that are held or waited for.")
    void list(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "PREFIX",
                            defaultValue = "",
                            description = "Only names with this prefix.")
                    String prefix,
            @Option(names = "--all-namespaces", description = "Those of every namespace.") boolean everywhere,
            @Mixin ListOptions limits) {
        try (CoordinatorClient client = connect()) {
            new ListPrinter<>(console, "locks ls", format(), LockViews.LOCKS, limits)
                    .print(client.locks().list(everywhere ? "" : options.namespace(), prefix));
        }
    }

    @Command(name = "show", description = "Show the holders and waiters of a lock; exit code 3 if there are none.")
    void show(@Parameters(paramLabel = "NAME") String name) {
        try (CoordinatorClient client = connect()) {
            LockInspection lock = client.lock(name).inspect();
            if (lock.holders().isEmpty() && lock.waiters().isEmpty()) {
                throw Kind.LOCK.missing(client, name, "nobody holds or waits for");
            }
            print(LockViews.table(lock), Json.line(LockViews.json(name, lock)));
        }
    }

    @Command(name = "held", description = "Show what a session holds and waits for.")
    void held(
            @Parameters(paramLabel = "SESSION", description = "Its number, as 'locks show' prints it.") long session) {
        try (CoordinatorClient client = connect()) {
            HeldLocks locks = client.locks().held(session);
            print(LockViews.table(locks), Json.line(LockViews.json(locks)));
        }
    }

    @Command(
            name = "cycles",
            description = "Show clients that wait for each other in a circle; exit code 3 if there is none.")
    void cycles() {
        try (CoordinatorClient client = connect()) {
            List<WaitCycle> cycles = client.locks().waitCycles();
            if (cycles.isEmpty()) {
                throw new CliException(ExitCode.NOT_FOUND, "no clients wait for each other in a circle");
            }
            StringBuilder lines = new StringBuilder();
            cycles.forEach(cycle -> lines.append(LockViews.text(cycle)).append('\n'));
            ArrayNode array = Json.mapper().createArrayNode();
            cycles.forEach(cycle -> array.add(LockViews.json(cycle)));
            print(lines.toString(), Json.line(array));
        }
    }

    @Command(
            name = "release",
            description = {
                "End the grants of a lock, whoever holds them, and print their tokens; exit code 3 if there were none.",
                "Holders are told, the next waiter is served, and a record is kept. Their work is not stopped: only"
                        + " guarded writes are."
            })
    void release(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; for the record.")
                    String reason,
            @Option(
                            names = "--operator",
                            paramLabel = "WHO",
                            defaultValue = "${sys:user.name}",
                            description = "Who does it; for the record. Default: the user of this process")
                    String operator,
            @Option(
                            names = "--token",
                            paramLabel = "TOKEN",
                            defaultValue = "0",
                            description = "Only the grant with this token; for a lock that may have gone to the next"
                                    + " meanwhile.")
                    long token) {
        try (CoordinatorClient client = connect()) {
            List<Long> ended = client.locks().forceRelease(options.namespace(), name, token, operator, reason);
            if (ended.isEmpty()) {
                throw new CliException(
                        ExitCode.NOT_FOUND,
                        "nobody holds '" + name + "' in namespace '" + options.namespace() + "'"
                                + (token == 0 ? "" : " with token " + token) + "; nothing was released");
            }
            StringBuilder lines = new StringBuilder();
            ended.forEach(one -> lines.append(Long.toUnsignedString(one)).append('\n'));
            print(
                    lines.toString(),
                    Json.line(Json.object().set("tokens", Json.mapper().valueToTree(ended))));
        }
    }

    @Command(
            name = "audit",
            description = {
                "Show the latest forced releases, newest first.",
                "They are at least so old: the cluster's clock, which no other can put forward or back, stands still"
                        + " while nobody leads."
            })
    void audit(
            @Option(
                            names = "--limit",
                            paramLabel = "COUNT",
                            defaultValue = "100",
                            description = "At most so many. Default: 100")
                    int limit) {
        try (CoordinatorClient client = connect()) {
            List<AuditRecord> records = client.locks().audit(limit);
            long clusterNow = client.sessions(0, 1).clusterTimeMillis();
            Columns<AuditRecord> columns = LockViews.audit(clusterNow, Instant.now());
            print(columns.table(records), Json.line(columns.array(records)));
        }
    }

    private CoordinatorClient connect() {
        return new ClusterAccess(options).connect();
    }

    private void print(String table, String json) {
        console.out().print(format() == OutputFormat.table ? table : json + '\n');
    }

    private OutputFormat format() {
        return options.output(OutputFormat.table);
    }
}
