package io.coordinator.cli.lock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.lock.Leader;
import io.coordinator.client.lock.LeaderElection;
import io.coordinator.client.lock.LeaderListener;
import io.coordinator.client.lock.Leadership;
import io.coordinator.client.watch.Subscription;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator elect NAME -- COMMAND}. */
@Command(
        name = "elect",
        customSynopsis = {
            "coordinator elect NAME [OPTIONS] -- COMMAND [ARGUMENT…]",
            "coordinator elect NAME (--listen | --show)"
        },
        description = {
            "Stand for election, and run a command while leading; exit with its code.",
            "The command sees COORD_ELECTION, COORD_EPOCH (a fencing token), COORD_NAMESPACE and COORD_ENDPOINTS. If"
                    + " leadership is lost, the command is told to end (TERM, then KILL after the grace) and the exit code"
                    + " is 75. What the command has started ends with it. Without a command, the epoch is printed and"
                    + " leadership lasts until it is interrupted."
        },
        footerHeading = Help.EXAMPLES,
        footer = {"  coordinator elect scheduler -- ./scheduler", "  coordinator elect scheduler --show"})
public final class ElectCommand implements Callable<Integer> {
    private final Console console;
    private final GlobalOptions options;

    @Mixin
    private HoldOptions how = new HoldOptions();

    @Parameters(index = "0", paramLabel = "NAME", description = "The election.")
    private String name = "";

    @Parameters(index = "1..*", paramLabel = "COMMAND", description = "What to run, and its arguments.")
    private List<String> command = List.of();

    @Option(
            names = "--value",
            paramLabel = "JSON",
            description = "What others read of this candidate. Default: the command and the process id")
    private @Nullable String value;

    @ArgGroup
    private Looking looking = new Looking();

    /** To see who leads, without standing. */
    static final class Looking {
        @Option(names = "--listen", description = "Do not stand: print each leader, one in a line, until interrupted.")
        private boolean listen;

        @Option(names = "--show", description = "Do not stand: print the leader; exit code 3 if there is none.")
        private boolean show;
    }

    public ElectCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (looking.listen || looking.show) {
            if (!command.isEmpty()) {
                throw new CliException(ExitCode.USAGE, "--listen and --show run no command; leave it out");
            }
            return looking.listen ? listen() : show();
        }
        return lead();
    }

    // ---- stand ----

    private int lead() throws InterruptedException {
        Guarding guarding = new Guarding("elect", console, options, how);
        Object contents = value == null ? Guarding.contents(command) : Json.parse(value);
        try (CoordinatorClient client = guarding.connect();
                Leadership leadership = campaign(client, contents, guarding)) {
            String epoch = Long.toUnsignedString(leadership.epoch());
            Map<String, String> variables = Map.of("COORD_ELECTION", name, "COORD_EPOCH", epoch);
            if (!command.isEmpty()) {
                return guarding.run(new Held(what(), variables, leadership.lost()), command);
            }
            console.out().println(epoch);
            return untilLost(leadership);
        }
    }

    private Leadership campaign(CoordinatorClient client, Object contents, Guarding guarding) {
        LeaderElection election = client.election(name);
        try (WaitNotice notice = new WaitNotice(
                console, "elect", what(), () -> Line.of(client.lock(name).inspect(), client.sessionId()))) {
            return how.maxWait()
                    .map(limit -> election.tryCampaign(contents, limit).orElseThrow(() -> guarding.notAcquired(what())))
                    .orElseGet(() -> election.campaign(contents));
        }
    }

    private String what() {
        return "the election '" + name + "'";
    }

    /** Only a signal, which ends this process, or the loss ends it. */
    private int untilLost(Leadership leadership) {
        Object reason = leadership.lost().toCompletableFuture().join();
        console.err().println("coordinator elect: lost " + what() + " (" + reason + ")");
        return ExitCode.LOCK_LOST;
    }

    // ---- look ----

    private int show() {
        try (CoordinatorClient client = new ClusterAccess(options).connect()) {
            Optional<Leader> leader = client.election(name).leader();
            if (leader.isEmpty()) {
                throw new CliException(
                        ExitCode.NOT_FOUND, "nobody leads '" + name + "' in namespace '" + options.namespace() + "'");
            }
            console.out().println(format(leader, options.output(OutputFormat.table)));
            return ExitCode.OK;
        }
    }

    private int listen() {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        try (CoordinatorClient client = new ClusterAccess(options).connect();
                Subscription subscription = client.election(name).observe(new Printer(end))) {
            return end.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    private String format(Optional<Leader> leader, OutputFormat format) {
        if (format != OutputFormat.table) {
            ObjectNode json = Json.object().put("election", name);
            json.set("leader", leader.map(ElectCommand::toJson).orElse(null));
            return Json.line(json);
        }
        return leader.map(it -> String.format(
                                Locale.ROOT,
                                "%-10s %-16s %s",
                                Long.toUnsignedString(it.epoch()),
                                it.clientName(),
                                it.description().map(Json::line).orElse(""))
                        .stripTrailing())
                .orElse("nobody");
    }

    private static JsonNode toJson(Leader leader) {
        ObjectNode json = Json.object();
        json.put("epoch", leader.epoch());
        json.put("clientName", leader.clientName());
        json.put("sessionId", leader.sessionId());
        leader.description().ifPresent(contents -> json.set("value", contents));
        return json;
    }

    private final class Printer implements LeaderListener {
        private final CompletableFuture<Integer> end;

        Printer(CompletableFuture<Integer> end) {
            this.end = end;
        }

        @Override
        public void onLeader(Optional<Leader> leader) {
            console.out().println(format(leader, options.output(OutputFormat.jsonl)));
            if (console.out().checkError()) {
                // Whoever read the output, such as `head`, has had enough.
                end.complete(ExitCode.OK);
            }
        }

        @Override
        public void onError(CoordinatorException error) {
            if (error instanceof ClosedException) {
                // Only an interruption closes the client while it listens: an end, not a failure.
                end.complete(ExitCode.OK);
            } else {
                end.completeExceptionally(error);
            }
        }
    }
}
