package io.coordinator.cli.holders;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.Kind;
import io.coordinator.cli.console.ListOptions;
import io.coordinator.cli.console.ListPrinter;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.lock.SemaphoreInspection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator sem}. */
@Command(
        name = "sem",
        description =
                "Show and resize semaphores; see its commands. Alone: as 'sem ls'. To run a command under a permit:"
                        + " 'lock -n'.",
        footerHeading = Help.EXAMPLES,
        footer = {"  coordinator sem ls", "  coordinator sem resize backup 5"})
public final class SemaphoresCommand implements Runnable {
    private final Console console;
    private final GlobalOptions options;

    public SemaphoresCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        list("", false, new ListOptions());
    }

    @Command(name = "ls", description = "List the semaphores that are in use or were resized.")
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
            new ListPrinter<>(console, "sem ls", format(), SemaphoreViews.SEMAPHORES, limits)
                    .print(client.locks().semaphores(everywhere ? "" : options.namespace(), prefix));
        }
    }

    @Command(name = "show", description = "Show the holders and waiters of a semaphore; exit code 3 if there is none.")
    void show(@Parameters(paramLabel = "NAME") String name) {
        try (CoordinatorClient client = connect()) {
            SemaphoreInspection semaphore = client.semaphore(name).inspect();
            if (!semaphore.exists()) {
                throw none(client, name);
            }
            print(SemaphoreViews.table(semaphore), Json.line(SemaphoreViews.json(name, semaphore)));
        }
    }

    @Command(
            name = "resize",
            description = "Set the number of permits and print it. Nobody loses one: with fewer than are held, none is"
                    + " granted until enough came back.")
    void resize(
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(index = "1", paramLabel = "PERMITS", description = "At least 1.") int permits) {
        try (CoordinatorClient client = connect()) {
            int now = client.semaphore(name).resize(permits);
            print(now + "\n", Json.line(Json.object().put("name", name).put("permits", now)));
        }
    }

    @Command(
            name = "rm",
            description =
                    "Forget the number that 'resize' set; one in use keeps it until nobody uses it. Exit code 3 if"
                            + " there is none.")
    void remove(@Parameters(paramLabel = "NAME") String name) {
        try (CoordinatorClient client = connect()) {
            if (!client.semaphore(name).delete()) {
                throw none(client, name);
            }
        }
    }

    private static CliException none(CoordinatorClient client, String name) {
        return Kind.SEMAPHORE.missing(client, name, "no semaphore");
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
