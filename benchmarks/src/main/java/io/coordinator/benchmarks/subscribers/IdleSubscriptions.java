package io.coordinator.benchmarks.subscribers;

import io.coordinator.benchmarks.systems.CoordinatorServers;
import io.coordinator.benchmarks.systems.ServingNode;
import io.coordinator.benchmarks.systems.Workspace;
import io.coordinator.client.CoordinatorClient;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Clients that subscribe to topics of which nobody publishes. */
@Command(
        name = "benchmarks/idle-subscriptions",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Measures the heap that idle subscriptions of ephemeral topics take on the node that serves them.",
            "Each subscription has a topic of its own, with a name of 10 bytes."
        })
public final class IdleSubscriptions implements Callable<Integer> {
    private static final double MIB = 1 << 20;
    private static final String LINE = "%-34s %10s %14s %16s%n";

    @Option(names = "--clients", defaultValue = "100", description = "that share the subscriptions evenly")
    private int clients;

    @Option(names = "--subscriptions", defaultValue = "10000", description = "over all clients")
    private int subscriptions;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new IdleSubscriptions()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (clients < 1 || subscriptions <= clients) {
            throw new ParameterException(spec.commandLine(), "give some clients, and more subscriptions than clients");
        }
        try (Workspace workspace = Workspace.in(Path.of(System.getProperty("coordinator.benchmarks.directory", ".")))) {
            CoordinatorServers cluster = new CoordinatorServers(workspace);
            cluster.start();
            try (CoordinatorClient observer =
                    CoordinatorClient.connect(ServingNode.clients(cluster).build())) {
                measure(cluster, observer);
            } finally {
                cluster.stop();
            }
        }
        return 0;
    }

    private void measure(CoordinatorServers cluster, CoordinatorClient observer) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        ServingNode node = ServingNode.of(cluster, observer);
        List<CoordinatorClient> all = new ArrayList<>();
        try {
            long nobody = node.liveHeapBytes();
            for (int i = 0; i < clients; i++) {
                all.add(CoordinatorClient.connect(ServingNode.clients(cluster).build()));
            }
            long connected = node.liveHeapBytes();
            subscribe(all, 0, clients);
            long streaming = node.liveHeapBytes();
            subscribe(all, clients, subscriptions);
            long subscribed = node.liveHeapBytes();
            node.requireStillServing(observer);
            out.printf(LINE, "live heap of the serving node", "more of", "MiB in all", "bytes for each");
            line(out, "before", 0, 0, nobody);
            line(out, "clients connected", clients, nobody, connected);
            line(out, "each with its first subscription", clients, connected, streaming);
            line(out, "all subscriptions", subscriptions - clients, streaming, subscribed);
            out.flush();
        } finally {
            all.forEach(CoordinatorClient::close);
        }
    }

    private static void subscribe(List<CoordinatorClient> clients, int from, int to) {
        IntStream.range(from, to).forEach(i -> {
            var unused = clients.get(i % clients.size())
                    .topics()
                    .subscribe(String.format(Locale.ROOT, "idle-%05d", i), message -> {});
        });
    }

    private static void line(PrintWriter out, String what, int count, long before, long after) {
        out.printf(
                LINE,
                what,
                count == 0 ? "" : String.format(Locale.ROOT, "%,d", count),
                String.format(Locale.ROOT, "%.1f", after / MIB),
                count == 0 ? "" : String.format(Locale.ROOT, "%,d", (after - before) / count));
    }
}
