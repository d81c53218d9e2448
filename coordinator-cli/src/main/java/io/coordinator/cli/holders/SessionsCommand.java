package io.coordinator.cli.holders;

import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Columns;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.ListOptions;
import io.coordinator.cli.console.ListPrinter;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.SessionInfo;
import io.coordinator.client.cluster.SessionPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code coordinator sessions}. */
@Command(
        name = "sessions",
        description = {
            "Show the clients of the cluster; see its commands. Alone: as 'sessions ls'.",
            "What one of them holds and waits for: 'locks held'."
        },
        footerHeading = Help.EXAMPLES,
        footer = {"  coordinator sessions ls", "  coordinator sessions ls -o jsonl"})
public final class SessionsCommand implements Runnable {
    private static final int PAGE = 100;

    private static final Columns<Seen> COLUMNS = new Columns<Seen>()
            .id("SESSION", "sessionId", seen -> seen.session.sessionId())
            .text("CLIENT", "clientName", seen -> seen.session.clientName())
            .elapsed("OPEN FOR", "openMillis", seen -> seen.now - seen.session.openedAtMillis())
            .elapsed("LEASE", "leaseMillis", seen -> seen.session.leaseMillis())
            .number("UNACKNOWLEDGED", "unacknowledged", seen -> seen.session.unacknowledged());

    private final Console console;
    private final GlobalOptions options;

    /** A session at a cluster time. */
    private record Seen(SessionInfo session, long now) {}

    public SessionsCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        list(new ListOptions());
    }

    @Command(
            name = "ls",
            description = "List the open sessions, the oldest first. One that its client does not close ends when the"
                    + " cluster has not heard of it for its lease.")
    void list(@Mixin ListOptions limits) {
        try (CoordinatorClient client = new ClusterAccess(options).connect()) {
            new ListPrinter<>(console, "sessions ls", options.output(OutputFormat.table), COLUMNS, limits)
                    .print(last -> page(client.sessions(
                            last.map(seen -> seen.session.sessionId()).orElse(0L), PAGE)));
        }
    }

    private static ListPrinter.Page<Seen> page(SessionPage page) {
        return new ListPrinter.Page<>(
                page.sessions().stream()
                        .map(session -> new Seen(session, page.clusterTimeMillis()))
                        .toList(),
                page.more());
    }
}
