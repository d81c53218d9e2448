package io.coordinator.cli.schedule;

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
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.client.schedule.ScheduleStatus;
import io.coordinator.client.schedule.ScheduledJob;
import io.coordinator.client.schedule.Schedules;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator schedule}. */
@Command(
        name = "schedule",
        description = {
            "Show, set, preview, pause and trigger schedules; see its commands. Alone: as 'schedule ls'.",
            "Each time of a schedule becomes one job in a queue: see 'job' and 'queue'."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator schedule set nightly --cron '0 3 * * *' --zone Europe/Berlin --queue reports",
            "  coordinator schedule ls",
            "  coordinator schedule preview nightly --count 10",
            "  coordinator schedule preview --cron '*/15 * * * *'",
            "  coordinator schedule pause nightly",
            "  coordinator schedule trigger nightly"
        })
public final class ScheduleCommand implements Runnable {
    private final Console console;
    private final GlobalOptions options;

    private ScheduleCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    /** With its commands, of which one is a class of its own. */
    public static CommandLine commandLine(Console console, GlobalOptions options) {
        CommandLine schedule = new CommandLine(new ScheduleCommand(console, options));
        schedule.addSubcommand("set", new ScheduleSetCommand(console, options));
        return schedule;
    }

    @Override
    public void run() {
        list("", new ListOptions());
    }

    // ---- to see ----

    @Command(name = "ls", description = "List the schedules: when each fires next and has fired last, and how often.")
    void list(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "PREFIX",
                            defaultValue = "",
                            description = "Only names with this prefix.")
                    String prefix,
            @Mixin ListOptions limits) {
        try (CoordinatorClient client = connect()) {
            new ListPrinter<>(console, "schedule ls", format(), ScheduleListings.SCHEDULES, limits)
                    .print(ListPrinter.byName(
                            ScheduleStatus::name,
                            (after, most) -> client.schedules().list(prefix, after, most)));
        }
    }

    @Command(name = "show", description = "Show a schedule with its options; exit code 3 if there is none.")
    void show(@Parameters(paramLabel = "NAME") String name) {
        try (CoordinatorClient client = connect()) {
            ScheduleStatus schedule = client.schedules().get(name).orElseThrow(() -> none(client, name));
            print(ScheduleListings.text(schedule), Json.line(ScheduleListings.json(schedule)));
        }
    }

    @Command(
            name = "preview",
            description = {
                "Print when a schedule fires from now on, or would if it were not paused; by this host's clock and time"
                        + " zones. Exit code 3 if there is none.",
                "Without NAME it is that of the timing that is given."
            })
    void preview(
            @Parameters(arity = "0..1", paramLabel = "NAME") @Nullable String name,
            @Mixin TimingOptions timing,
            @Option(
                            names = "--count",
                            paramLabel = "COUNT",
                            defaultValue = "5",
                            description = "How many times. Default: 5")
                    int count) {
        Optional<ScheduleOptions> given = timing.options();
        if ((name == null) == given.isEmpty()) {
            throw new CliException(ExitCode.USAGE, "preview what? Give either a NAME, or --cron, --every or --at");
        }
        try (CoordinatorClient client = connect()) {
            Schedules schedules = client.schedules();
            List<Instant> times = name == null
                    ? schedules.preview(given.orElseThrow().queue("preview"), count)
                    : previewOf(client, name, count);
            print(ScheduleListings.text(times), Json.line(ScheduleListings.json(times)));
        }
    }

    private static List<Instant> previewOf(CoordinatorClient client, String name, int count) {
        if (client.schedules().get(name).isEmpty()) {
            throw none(client, name);
        }
        return client.schedules().preview(name, count);
    }

    // ---- to steer ----

    @Command(
            name = "pause",
            description = "Have a schedule fire no more until it is resumed; exit code 3 if there is none.")
    void pause(@Parameters(paramLabel = "NAME") String name) {
        try (CoordinatorClient client = connect()) {
            check(client, name, client.schedules().pause(name));
            done(name, "paused", true);
        }
    }

    @Command(
            name = "resume",
            description =
                    "Have a schedule fire again; times that have passed meanwhile are not made up for. Exit code 3"
                            + " if there is none.")
    void resume(@Parameters(paramLabel = "NAME") String name) {
        try (CoordinatorClient client = connect()) {
            check(client, name, client.schedules().resume(name));
            done(name, "paused", false);
        }
    }

    @Command(
            name = "trigger",
            description = "Fire a schedule now, beside its times, also while it is paused or an earlier job runs, and"
                    + " print the queue and the id of the job. Exit code 3 if there is none.")
    void trigger(@Parameters(paramLabel = "NAME") String name) {
        try (CoordinatorClient client = connect()) {
            check(client, name, client.schedules().get(name).isPresent());
            ScheduledJob job = client.schedules().trigger(name);
            print(
                    job.queue() + ' ' + job.id() + '\n',
                    Json.line(Json.object()
                            .put("schedule", name)
                            .put("queue", job.queue())
                            .put("id", job.id())));
        }
    }

    @Command(name = "delete", description = "Delete a schedule; its jobs stay. Exit code 3 if there is none.")
    void delete(@Parameters(paramLabel = "NAME") String name) {
        try (CoordinatorClient client = connect()) {
            check(client, name, client.schedules().delete(name));
            done(name, "deleted", true);
        }
    }

    // ---- parts ----

    private static void check(CoordinatorClient client, String name, boolean existed) {
        if (!existed) {
            throw none(client, name);
        }
    }

    private static CliException none(CoordinatorClient client, String name) {
        return Kind.SCHEDULE.missing(client, name, "no schedule");
    }

    private void done(String name, String what, boolean value) {
        print("", Json.line(Json.object().put("schedule", name).put(what, value)));
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
