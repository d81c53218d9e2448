package io.coordinator.cli.command;

import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.Kind;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.Entry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coordinator get KEY}. */
@Command(
        name = "get",
        description = "Print the value of a key; exit code 3 if there is none.",
        footerHeading = Help.EXAMPLES,
        footer = {"  coordinator get greeting", "  coordinator get greeting -o json"})
public final class GetCommand implements Runnable {
    private final Console console;
    private final GlobalOptions options;

    @Parameters(paramLabel = "KEY")
    private String key = "";

    public GetCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        try (CoordinatorClient client = new ClusterAccess(options).connect()) {
            Entry entry = client.cache().get(key).orElseThrow(() -> Kind.VALUE.missing(client, key, "no key"));
            console.out().println(format(entry, options.output(OutputFormat.table)));
        }
    }

    private static String format(Entry entry, OutputFormat format) {
        return format == OutputFormat.table ? Json.line(EntryViews.value(entry)) : Json.line(EntryViews.toJson(entry));
    }
}
