package io.coordinator.cli.builds;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.coordinator.client.builds.BuildPage;
import io.coordinator.client.builds.BuildStatus;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code coordinator builds}. */
@Command(
        name = "builds",
        description = {
            "Show and delete builds; see its commands. Alone: as 'builds ls'. To build: 'build'.",
            "A build is pending while a builder is at work, and exists once its result is kept."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator builds ls report/",
            "  coordinator builds progress report/2026-11",
            "  coordinator builds show report/2026-11 -o json",
            "  coordinator builds rm report/2026-11"
        })
public final class BuildsCommand implements Runnable {
    private static final int PAGE = 100;

    private final Console console;
    private final GlobalOptions options;

    public BuildsCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        list("", new ListOptions());
    }

    @Command(name = "ls", description = "List the builds that are pending or have a result.")
    void list(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "PREFIX",
                            defaultValue = "",
                            description = "Only keys that start so.")
                    String prefix,
            @Mixin ListOptions limits) {
        try (CoordinatorClient client = connect()) {
            new ListPrinter<>(console, "builds ls", format(), BuildReport.ITEMS, limits).print(last -> {
                BuildPage page = client.builds()
                        .list(prefix, last.map(BuildPage.Item::key).orElse(""), PAGE);
                return new ListPrinter.Page<>(page.builds(), page.more());
            });
        }
    }

    @Command(
            name = "show",
            description = "Show how far a build is, or its result, which a table cuts if it is long; exit code 3 if"
                    + " there is neither.")
    void show(@Parameters(paramLabel = "KEY") String key) {
        try (CoordinatorClient client = connect()) {
            BuildStatus status = client.builds().status(key);
            if (status.state() == BuildStatus.State.EMPTY) {
                throw none(client, key);
            }
            BuildReport report = new BuildReport(key, status);
            print(report.text(), Json.line(report.json()));
        }
    }

    @Command(
            name = "progress",
            description = {
                "Print what the builder of a key reported last; exit code 3 if nobody builds it.",
                "To see each report as it comes: coordinator watch KEY --data build"
            })
    void progress(@Parameters(paramLabel = "KEY") String key) {
        try (CoordinatorClient client = connect()) {
            BuildStatus status = client.builds().status(key);
            switch (status.state()) {
                case EMPTY -> throw none(client, key);
                case EXISTS ->
                    throw new CliException(
                            ExitCode.NOT_FOUND, "nobody builds '" + key + "': its result is there; see 'builds show'");
                case PENDING -> print(status.progress(), key, status.waiters());
            }
        }
    }

    private void print(Optional<JsonNode> progress, String key, long waiters) {
        if (format() == OutputFormat.table && progress.isEmpty()) {
            console.err().println("coordinator builds progress: the builder of '" + key + "' has reported nothing yet");
            return;
        }
        var json = Json.object().put("key", key).put("waiters", waiters);
        progress.ifPresent(report -> json.set("progress", report));
        print(progress.map(Json::line).orElse("") + "\n", Json.line(json));
    }

    @Command(
            name = "rm",
            description = "Delete a result, so that the next one to ask builds it again, or cancel a build: its builder"
                    + " is told, and one of those that wait builds in its place. Exit code 3 if there is neither.")
    void remove(@Parameters(paramLabel = "KEY") String key) {
        try (CoordinatorClient client = connect()) {
            if (!client.builds().delete(key)) {
                throw none(client, key);
            }
            if (format() != OutputFormat.table) {
                console.out().println(Json.line(Json.object().put("key", key).put("deleted", true)));
            }
        }
    }

    private CliException none(CoordinatorClient client, String key) {
        return Kind.BUILD.missing(client, key, "no build");
    }

    private CoordinatorClient connect() {
        return new ClusterAccess(options).connect();
    }

    private OutputFormat format() {
        return options.output(OutputFormat.table);
    }

    private void print(String table, String json) {
        console.out().print(format() == OutputFormat.table ? table : json + '\n');
    }
}
