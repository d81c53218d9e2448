package io.coordinator.cli.command;

import io.coordinator.cli.console.Connector;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coordinator transfer [NODE]}. */
@Command(
        name = "transfer",
        description = "Ask the leader to hand over, and print who leads then. Sessions and locks are kept.")
public final class TransferCommand implements Runnable {
    private final Console console;
    private final GlobalOptions options;

    @Parameters(
            arity = "0..1",
            paramLabel = "NODE",
            description = "The node that shall lead; any other one by default.")
    private @Nullable String node;

    public TransferCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        try (CoordinatorClient client = new Connector(options).connect()) {
            String leader = node == null ? client.transferLeadership() : client.transferLeadership(node);
            boolean plain = options.output(OutputFormat.table) == OutputFormat.table;
            console.out().println(plain ? leader : Json.line(Json.object().put("leader", leader)));
        }
    }
}
