package io.coordinator.cli.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.coordinator.cli.console.BoundedInput;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.DurationConverter;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.ListOptions;
import io.coordinator.cli.console.ListPrinter;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.cli.console.Printable;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.RemoteException;
import io.coordinator.client.rpc.CallOptions;
import io.coordinator.client.rpc.ProcedurePage;
import io.coordinator.client.rpc.ProcedureStatus;
import io.coordinator.client.rpc.ProcedureSummary;
import io.coordinator.client.rpc.RpcFailure;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code coordinator rpc}. */
@Command(
        name = "rpc",
        description = "Call handlers in other processes, and serve calls by running a program; see its commands.",
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator rpc call resize '{\"width\": 80}'",
            "  coordinator rpc worker resize -n 4 -- ./resize.sh",
            "  coordinator rpc ls"
        })
public final class RpcCommand implements Runnable {
    private static final int PAGE = 100;

    private final Console console;
    private final GlobalOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private RpcCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    /** With its commands, of which one is a class of its own. */
    public static CommandLine commandLine(Console console, GlobalOptions options) {
        CommandLine rpc = new CommandLine(new RpcCommand(console, options));
        rpc.addSubcommand("worker", new RpcWorkerCommand(console, options));
        return rpc;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "call",
            description = {
                "Call a handler, and print its result as JSON.",
                "The result is waited for as long as --timeout says; then the exit code is 4, and the worker is told to"
                        + " stop. If the handler fails, its code and message are told on standard error, and the exit"
                        + " code is 1. Without --idempotent it runs at most once."
            })
    void call(
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(
                            index = "1",
                            arity = "0..1",
                            paramLabel = "ARGUMENTS",
                            defaultValue = "null",
                            description = "JSON; '-' reads it from standard input. Default: null")
                    String arguments,
            @Option(names = "--string", description = "ARGUMENTS is text, not JSON.") boolean string,
            @Option(
                            names = "--wait",
                            paramLabel = "DURATION",
                            defaultValue = "0",
                            converter = DurationConverter.class,
                            description = "If nobody serves NAME, how long to wait for a worker. Default: not at all")
                    Duration wait,
            @Option(names = "--idempotent", description = "If the worker is gone, have another one run it again.")
                    boolean idempotent,
            @Option(
                            names = "--ephemeral",
                            description = "Call through the leader's memory instead of the log: faster, and the outcome"
                                    + " is lost with the leader.")
                    boolean ephemeral) {
        String text = BoundedInput.argument(arguments, console);
        JsonNode value = string ? TextNode.valueOf(text) : Json.parse(text);
        CallOptions how = CallOptions.defaults().timeout(options.timeout()).waitForWorker(wait);
        how = idempotent ? how.idempotent() : how;
        how = ephemeral ? how.ephemeral() : how;
        try (CoordinatorClient client = new ClusterAccess(options).connect()) {
            JsonNode result = client.rpc().call(name, value, JsonNode.class, how);
            console.out().println(Json.line(result == null ? NullNode.getInstance() : result));
        } catch (RemoteException e) {
            throw failed(e);
        }
    }

    @Command(name = "ls", description = "List the names that have workers or calls.")
    void list(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "PREFIX",
                            defaultValue = "",
                            description = "Only names with this prefix.")
                    String prefix,
            @Mixin ListOptions limits) {
        try (CoordinatorClient client = new ClusterAccess(options).connect()) {
            new ListPrinter<>(console, "rpc ls", format(), RpcListings.PROCEDURES, limits).print(last -> {
                ProcedurePage page = client.rpc()
                        .list(prefix, last.map(ProcedureSummary::name).orElse(""), PAGE);
                return new ListPrinter.Page<>(page.procedures(), page.more());
            });
        }
    }

    @Command(
            name = "show",
            description = "Show a name with its workers; exit code 3 if it has neither these nor calls.")
    void show(@Parameters(paramLabel = "NAME") String name) {
        try (CoordinatorClient client = new ClusterAccess(options).connect()) {
            ProcedureStatus procedure = client.rpc()
                    .inspect(name)
                    .orElseThrow(() -> new CliException(
                            ExitCode.NOT_FOUND,
                            "nobody serves or calls '" + name + "' in namespace '" + client.namespace()
                                    + "'; see 'coordinator rpc ls'"));
            console.out()
                    .print(
                            format() == OutputFormat.table
                                    ? RpcListings.table(procedure)
                                    : Json.line(RpcListings.json(procedure)) + '\n');
        }
    }

    private OutputFormat format() {
        return options.output(OutputFormat.table);
    }

    private static CliException failed(RemoteException failure) {
        String type = failure.remoteType();
        String who = type.isEmpty() || type.equals(RpcFailure.class.getName()) ? "" : " (" + type + ")";
        String message = Printable.lines(failure.remoteCode() + who + ": " + failure.remoteMessage());
        return new CliException(ExitCode.ERROR, message, failure);
    }
}
