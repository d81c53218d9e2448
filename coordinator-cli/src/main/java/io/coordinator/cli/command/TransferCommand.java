package io.coordinator.cli.command;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.NodeStatus;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator transfer [--from NODE] [NODE]}. */
@Command(
        name = "transfer",
        description = "Ask the leader to hand over, and print who leads then. Sessions and locks are kept.",
        footerHeading = Help.EXAMPLES,
        footer = {"  coordinator transfer", "  coordinator transfer n2"})
public final class TransferCommand implements Runnable {
    private final Console console;
    private final GlobalOptions options;

    @Parameters(
            arity = "0..1",
            paramLabel = "NODE",
            description = "The member that shall lead, any other by default; the one that leads does nothing.")
    private @Nullable String node;

    @Option(
            names = "--from",
            paramLabel = "NODE",
            description = "Do nothing unless this node leads; for whoever is about to stop it.")
    private @Nullable String from;

    public TransferCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        requireName();
        try (CoordinatorClient client = new ClusterAccess(options).connect()) {
            String leader = transfer(client);
            boolean plain = options.output(OutputFormat.table) == OutputFormat.table;
            console.out().println(plain ? leader : Json.line(Json.object().put("leader", leader)));
        }
    }

    /** What a script makes of a variable that is not set must not move leadership to anybody. */
    private void requireName() {
        if (node != null && node.isEmpty()) {
            throw new CliException(ExitCode.USAGE, "NODE is empty; name a member, or leave it out for any other");
        }
    }

    private String transfer(CoordinatorClient client) {
        if (from != null) {
            String present = presentLeader(client);
            if (!present.equals(from)) {
                return present;
            }
        }
        return node == null ? client.transferLeadership() : client.transferLeadership(node);
    }

    /** The node that says of itself that it leads; in the latest term, should an older leader not know better yet. */
    private static String presentLeader(CoordinatorClient client) {
        return client.status().stream()
                .filter(status -> status.role() == NodeStatus.Role.LEADER)
                .max(Comparator.comparingLong(NodeStatus::term))
                .map(NodeStatus::node)
                .orElse("");
    }
}
