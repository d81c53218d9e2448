package io.coordinator.cli.command;

import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.Kind;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coordinator del KEY}. */
@Command(
        name = "del",
        description = "Remove a key; exit code 3 if there is none.",
        footerHeading = Help.EXAMPLES,
        footer = {"  coordinator del greeting"})
public final class DeleteCommand implements Runnable {
    private final Console console;
    private final GlobalOptions options;

    @Parameters(paramLabel = "KEY")
    private String key = "";

    public DeleteCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        try (CoordinatorClient client = new ClusterAccess(options).connect()) {
            if (!client.cache().delete(key)) {
                throw Kind.VALUE.missing(client, key, "no key");
            }
            if (options.output(OutputFormat.table) != OutputFormat.table) {
                console.out().println(Json.line(Json.object().put("key", key).put("deleted", true)));
            }
        }
    }
}
