package io.coordinator.cli.rpc;

import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.DurationConverter;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.process.EndSignals;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.rpc.RpcWorker;
import io.coordinator.client.rpc.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator rpc worker NAME -- COMMAND}. */
@Command(
        name = "worker",
        customSynopsis = "coordinator rpc worker NAME [OPTIONS] -- COMMAND [ARGUMENT…]",
        description = {
            "Serve calls: run a command for each, which reads the arguments as JSON and writes the result as JSON.",
            "The command sees COORD_RPC_NAME, COORD_RPC_CALLER, COORD_RPC_ATTEMPT, COORD_RPC_TIMEOUT_MILLIS (how long"
                    + " the caller waits), COORD_NAMESPACE and COORD_ENDPOINTS. Writing nothing is the result null. If it"
                    + " ends with another exit code than 0, the call fails with the end of what it wrote to standard"
                    + " error. If nobody waits for the result any more, it is told to end (TERM, then KILL after four"
                    + " seconds). What it has started ends with it.",
            "INT, TERM or HUP end the worker when the calls that run are done; a second one ends them at once."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator rpc worker resize -n 4 -- ./resize.sh",
            "  coordinator rpc worker total -- jq '{total: add}'"
        })
final class RpcWorkerCommand implements Callable<Integer> {
    private final Console console;
    private final GlobalOptions options;

    @Parameters(index = "0", paramLabel = "NAME", description = "What is called.")
    private String name = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "What to run, and its arguments.")
    private List<String> command = List.of();

    @Option(names = "-n", paramLabel = "CALLS", description = "How many calls at the same time. Default: 1")
    private int calls = 1;

    @Option(
            names = "--drain",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long calls that run may take after a signal. Default: 30s")
    private Duration drain = Duration.ofSeconds(30);

    RpcWorkerCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() {
        try (EndSignals signals = new EndSignals();
                CoordinatorClient client = new ClusterAccess(options).connect();
                CallCommand handler =
                        new CallCommand(command, environment(), console.err(), why -> cannotRun(why, signals))) {
            RpcWorker worker = client.rpc().register(name, handler, settings(handler));
            note("serves '" + name + "'; calls at the same time: " + calls);
            signals.await();
            note("ends; calls that are not done: " + worker.running());
            return signals.finish(worker.closeAsync().toCompletableFuture());
        }
    }

    private WorkerOptions settings(CallCommand handler) {
        return WorkerOptions.defaults()
                .concurrency(calls)
                .executor(handler.threads())
                .drainTimeout(drain)
                .errorListener(error -> note(String.valueOf(error.getMessage())));
    }

    private Map<String, String> environment() {
        return Map.of("COORD_NAMESPACE", options.namespace(), "COORD_ENDPOINTS", options.endpoints());
    }

    /** Every call would fail, and so quickly that this worker got most of them. */
    private void cannotRun(String why, EndSignals signals) {
        note(why);
        signals.end(ExitCode.CANNOT_EXECUTE);
    }

    private void note(String text) {
        console.err().println("coordinator rpc worker: " + text);
    }
}
