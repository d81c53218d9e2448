package io.coordinator.cli.job;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
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
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.PurgeKind;
import io.coordinator.client.job.QueueOptions;
import io.coordinator.client.job.QueueStatus;
import io.coordinator.client.job.QueueSummary;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator queue}. */
@Command(
        name = "queue",
        description = {
            "Show, configure, pause and empty queues of jobs; see its commands. Alone: as 'queue ls'.",
            "A queue need not be made: the first job or worker does. The jobs in it: 'job'."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator queue ls",
            "  coordinator queue show mail",
            "  coordinator queue configure mail --concurrency 20 --attempts 10 --attempt-timeout 5m",
            "  coordinator queue pause mail",
            "  coordinator queue purge mail --dead"
        })
public final class QueueCommand implements Runnable {
    private final Console console;
    private final GlobalOptions options;

    public QueueCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        list("", new ListOptions());
    }

    // ---- to see ----

    @Command(name = "ls", description = "List the queues with their numbers of jobs, and how long the oldest waits.")
    void list(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "PREFIX",
                            defaultValue = "",
                            description = "Only names with this prefix.")
                    String prefix,
            @Mixin ListOptions limits) {
        try (CoordinatorClient client = connect()) {
            new ListPrinter<>(console, "queue ls", format(), QueueListings.QUEUES, limits)
                    .print(ListPrinter.byName(
                            QueueSummary::name,
                            (after, most) -> client.jobQueues().list(prefix, after, most)));
        }
    }

    @Command(name = "show", description = "Show a queue with its settings and workers; exit code 3 if there is none.")
    void show(@Parameters(paramLabel = "NAME") String name) {
        try (CoordinatorClient client = connect()) {
            QueueStatus queue = client.jobs(name).inspect().orElseThrow(() -> none(client, name));
            print(QueueListings.text(queue), Json.line(QueueListings.json(queue)));
        }
    }

    // ---- to steer ----

    @Command(
            name = "configure",
            description = {
                "Make a queue, or change what is given of its settings, and print whether it was made.",
                "Settings are read and then written: two who change the same queue at once may undo each other's."
            })
    void configure(@Parameters(paramLabel = "NAME") String name, @Mixin QueueChanges changes) {
        try (CoordinatorClient client = connect()) {
            JobQueue queue = client.jobs(name);
            Optional<QueueStatus> before = queue.inspect();
            boolean created =
                    queue.configure(changes.of(before.map(QueueStatus::options).orElse(QueueOptions.defaults())));
            print(
                    (created ? "created" : "configured") + '\n',
                    Json.line(Json.object().put("queue", name).put("created", created)));
        }
    }

    @Command(
            name = "pause",
            description = "Give workers nothing from now on; what runs goes on. Exit code 3 if there is no such queue.")
    void pause(@Parameters(paramLabel = "NAME") String name) {
        try (CoordinatorClient client = connect()) {
            existing(client, name).pause();
            done(name, "paused", true);
        }
    }

    @Command(name = "resume", description = "Give workers jobs again; exit code 3 if there is no such queue.")
    void resume(@Parameters(paramLabel = "NAME") String name) {
        try (CoordinatorClient client = connect()) {
            existing(client, name).resume();
            done(name, "paused", false);
        }
    }

    @Command(
            name = "purge",
            description =
                    "Forget jobs that do not run, for good, and print how many. Who awaits one is told that it was"
                            + " cancelled.")
    void purge(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--waiting", description = "Those that wait or are delayed.") boolean waiting,
            @Option(names = "--finished", description = "Those that succeeded or were cancelled.") boolean finished,
            @Option(names = "--dead", description = "Those whose attempts are used up.") boolean dead) {
        Set<PurgeKind> kinds = EnumSet.noneOf(PurgeKind.class);
        kinds.addAll(waiting ? Set.of(PurgeKind.WAITING) : Set.of());
        kinds.addAll(finished ? Set.of(PurgeKind.FINISHED) : Set.of());
        kinds.addAll(dead ? Set.of(PurgeKind.DEAD) : Set.of());
        if (kinds.isEmpty()) {
            throw new CliException(
                    ExitCode.USAGE, "which jobs? Give --waiting, --finished, --dead, or several of them");
        }
        try (CoordinatorClient client = connect()) {
            long count = existing(client, name).purge(kinds);
            print(
                    Long.toString(count) + '\n',
                    Json.line(Json.object().put("queue", name).put("purged", count)));
        }
    }

    @Command(
            name = "delete",
            description = "Forget a queue with all of its jobs, for good. Its workers are told, and end. Exit code 3 if"
                    + " there is none.")
    void delete(@Parameters(paramLabel = "NAME") String name) {
        try (CoordinatorClient client = connect()) {
            if (!client.jobs(name).delete()) {
                throw none(client, name);
            }
            done(name, "deleted", true);
        }
    }

    // ---- parts ----

    /** To pause a queue makes it; a name that is misspelt must not. */
    private static JobQueue existing(CoordinatorClient client, String name) {
        JobQueue queue = client.jobs(name);
        if (queue.inspect().isEmpty()) {
            throw none(client, name);
        }
        return queue;
    }

    private static CliException none(CoordinatorClient client, String name) {
        return Kind.QUEUE.missing(client, name, "no queue");
    }

    private void done(String name, String what, boolean value) {
        print("", Json.line(Json.object().put("queue", name).put(what, value)));
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
