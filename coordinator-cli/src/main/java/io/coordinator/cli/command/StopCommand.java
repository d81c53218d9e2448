package io.coordinator.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.ClientConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator stop [--cluster] [NODE]} (PM-CLI-4). */
@Command(
        name = "stop",
        description = "Stop a node gracefully, and wait until it has: it hands leadership over, sessions and locks are"
                + " kept. Exit code 1 if it cannot be reached, 4 if it runs on after --timeout.",
        footerHeading = Help.EXAMPLES,
        footer = {"  coordinator stop n2", "  coordinator -e host2:7400 stop", "  coordinator stop --cluster"})
public final class StopCommand implements Runnable {
    private static final Duration NODE_TIMEOUT_MAX = Duration.ofSeconds(3);
    private static final long POLL_MILLIS = 50;

    private final Console console;
    private final GlobalOptions options;

    @Parameters(
            arity = "0..1",
            paramLabel = "NODE",
            description = "The node to stop; the one at the endpoint by default, if there is only one endpoint.")
    private @Nullable String node;

    @Option(
            names = "--cluster",
            description = "Stop all nodes that can be reached: nobody is served until a majority is started again.")
    private boolean cluster;

    public StopCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public void run() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.ERROR, "interrupted; a node that was asked to stop does so all the same");
        }
    }

    private void stop() throws InterruptedException {
        List<String> endpoints =
                ClientConfig.builder().endpoints(options.endpoints()).build().endpoints();
        requireOneMeaning(endpoints);
        Duration timeout = options.timeout().compareTo(NODE_TIMEOUT_MAX) < 0 ? options.timeout() : NODE_TIMEOUT_MAX;
        ClusterProbe probe = new ClusterProbe(timeout, options.authToken());
        List<NodeReport> meant = meant(probe.ask(endpoints), endpoints);
        meant.forEach(each -> probe.stop(each.address(), each.node(), cluster));
        long deadline = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(options.timeout().toMillis());
        for (NodeReport each : meant) {
            awaitEnd(probe, each, deadline);
        }
        print(meant);
    }

    private void requireOneMeaning(List<String> endpoints) {
        if (node != null && cluster) {
            throw new CliException(ExitCode.USAGE, "--cluster stops all nodes; leave NODE out, or --cluster");
        }
        // What a script makes of a variable that is not set must not stop any node.
        if (node != null && node.isEmpty()) {
            throw new CliException(ExitCode.USAGE, "NODE is empty; name a node");
        }
        if (node == null && !cluster && endpoints.size() != 1) {
            throw new CliException(
                    ExitCode.USAGE, "there are " + endpoints.size() + " endpoints; name a NODE, or say --cluster");
        }
    }

    private List<NodeReport> meant(ClusterReport report, List<String> endpoints) {
        if (report.reachable() == 0) {
            throw new CliException(
                    ExitCode.ERROR,
                    "no node answered at " + String.join(", ", endpoints) + ": "
                            + report.nodes().stream()
                                    .map(NodeReport::failure)
                                    .distinct()
                                    .collect(Collectors.joining("; ")));
        }
        if (cluster) {
            return report.nodes().stream()
                    .filter(each -> each.status().isPresent())
                    .toList();
        }
        List<NodeReport> found = report.nodes().stream()
                .filter(each -> node == null
                        ? endpoints.contains(each.address())
                        : each.node().equals(node))
                .toList();
        if (found.isEmpty()) {
            throw new CliException(
                    ExitCode.USAGE,
                    "there is no node '" + node + "'; the nodes are "
                            + report.nodes().stream().map(NodeReport::node).collect(Collectors.joining(", ")));
        }
        for (NodeReport each : found) {
            if (each.status().isEmpty()) {
                throw new CliException(
                        ExitCode.ERROR, each.node() + " at " + each.address() + " cannot be asked: " + each.failure());
            }
        }
        return found;
    }

    private void awaitEnd(ClusterProbe probe, NodeReport meant, long deadlineNanos) throws InterruptedException {
        while (probe.ask(List.of(meant.address())).nodes().stream()
                .anyMatch(each -> each.address().equals(meant.address())
                        && each.status()
                                .filter(status -> status.getNode().equals(meant.node()))
                                .isPresent())) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new CliException(
                        ExitCode.TIMEOUT, meant.node() + " was asked to stop and still answers; look into its log");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private void print(List<NodeReport> stopped) {
        if (options.output(OutputFormat.table) == OutputFormat.table) {
            stopped.forEach(each -> console.out().println(each.node()));
            return;
        }
        ObjectNode json = Json.object();
        ArrayNode nodes = json.putArray("stopped");
        stopped.forEach(each -> nodes.add(each.node()));
        console.out().println(Json.line(json));
    }
}
