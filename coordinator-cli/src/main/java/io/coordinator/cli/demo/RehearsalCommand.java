package io.coordinator.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Json;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.server.CoordinatorServer;
import io.coordinator.server.StartupException;
import io.coordinator.server.config.ServerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/**
 * Uses, in one process, the classes that servers and clients use, so that the launcher can keep them in an archive from
 * which later processes start in half the time (class data sharing). Started by the launcher only.
 */
@Command(name = "rehearse", hidden = true, description = "Load what a cluster and its clients load.")
public final class RehearsalCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** Of the command line, beside what the SDK loads; the first word of each names a command. */
    private static final List<List<String>> COMMANDS = List.of(
            List.of("get", "key"),
            List.of("put", "key", "1"),
            List.of("status"),
            List.of("locks", "ls"),
            List.of("lock", "lock", "--", "true"));

    private final ToIntFunction<String[]> commandLine;

    /**
     * A rehearsal.
     *
     * @param commandLine runs a command in this process, and tells its exit code
     */
    public RehearsalCommand(ToIntFunction<String[]> commandLine) {
        this.commandLine = commandLine;
    }

    @Override
    public Integer call() throws IOException, StartupException {
        DemoDirectory directory = DemoDirectory.create();
        List<CoordinatorServer> servers = new ArrayList<>();
        try {
            for (NodePlan plan : NodePlan.plan(Demo.NODES)) {
                servers.add(CoordinatorServer.start(ServerConfig.load(plan.flags(directory), Map.of())));
            }
            return use(servers);
        } finally {
            // Side by side: one that is left alone first tries for seconds to reach the others.
            servers.parallelStream().forEach(CoordinatorServer::abort);
            directory.delete();
        }
    }

    private int use(List<CoordinatorServer> servers) {
        String endpoints =
                servers.stream().map(CoordinatorServer::clientAddress).collect(Collectors.joining(","));
        try (CoordinatorClient client = DemoClient.connect("rehearsal", endpoints, PATIENCE);
                Subscription watch = client.watch(WatchOptions.buildPrefix(""), change -> {})) {
            watch.started().toCompletableFuture().join();
            client.status();
            client.cache().put("key", Json.object());
            client.cache().get("key").ifPresent(entry -> Json.line(entry.value()));
            client.lock("lock").withLock(context -> context.token());
            client.builds().getOrBuild("key", JsonNode.class, context -> Json.object(), BuildOptions.timeout(PATIENCE));
            client.worker("queue", job -> job.payload(), 1);
            client.jobs("queue").submit(1).await(PATIENCE);
            return COMMANDS.stream()
                    .mapToInt(words -> run(words, endpoints))
                    .max()
                    .orElse(0);
        }
    }

    private int run(List<String> words, String endpoints) {
        List<String> arguments = new ArrayList<>(words);
        arguments.addAll(1, List.of("--endpoints", endpoints));
        return commandLine.applyAsInt(arguments.toArray(String[]::new));
    }
}
