package io.coordinator.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coordinator.cli.backup.ForceSingleCommand;
import io.coordinator.cli.backup.SnapshotCommand;
import io.coordinator.cli.builds.BuildsCommand;
import io.coordinator.cli.command.BuildCommand;
import io.coordinator.cli.command.CacheCommand;
import io.coordinator.cli.command.CompletionCommand;
import io.coordinator.cli.command.DeleteCommand;
import io.coordinator.cli.command.GetCommand;
import io.coordinator.cli.command.PutCommand;
import io.coordinator.cli.command.ServeCommand;
import io.coordinator.cli.command.StatsCommand;
import io.coordinator.cli.command.StatusCommand;
import io.coordinator.cli.command.StopCommand;
import io.coordinator.cli.command.TransferCommand;
import io.coordinator.cli.command.UpgradeCommand;
import io.coordinator.cli.command.VersionCommand;
import io.coordinator.cli.command.WatchCommand;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.Failures;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.data.DataCommand;
import io.coordinator.cli.demo.DemoCommand;
import io.coordinator.cli.demo.DemoJobWorkerCommand;
import io.coordinator.cli.demo.DemoNodeCommand;
import io.coordinator.cli.demo.DemoSubmitterCommand;
import io.coordinator.cli.demo.DemoWorkerCommand;
import io.coordinator.cli.demo.RehearsalCommand;
import io.coordinator.cli.document.DocumentCommand;
import io.coordinator.cli.holders.LocksCommand;
import io.coordinator.cli.holders.SemaphoresCommand;
import io.coordinator.cli.holders.SessionsCommand;
import io.coordinator.cli.job.JobCommand;
import io.coordinator.cli.job.QueueCommand;
import io.coordinator.cli.lock.ElectCommand;
import io.coordinator.cli.lock.LockCommand;
import io.coordinator.cli.member.MemberCommand;
import io.coordinator.cli.rpc.RpcCommand;
import io.coordinator.cli.schedule.ScheduleCommand;
import io.coordinator.cli.topic.GroupCommand;
import io.coordinator.cli.topic.PublishCommand;
import io.coordinator.cli.topic.SubscribeCommand;
import io.coordinator.cli.topic.TopicCommand;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** All commands, wired; turns arguments into an exit code. */
final class CommandTree {
    private final Console console;
    private final GlobalOptions options;

    CommandTree(Console console) {
        this.console = console;
        this.options = new GlobalOptions(console.environment());
    }

    /** Runs the command that the arguments name. */
    int execute(String... arguments) {
        return arguments.length > 0 && isServer(arguments[0])
                ? serve(arguments[0], List.of(arguments).subList(1, arguments.length))
                : commandLine(arguments).execute(arguments);
    }

    /** Whether that command runs a server in this process. */
    static boolean isServer(String command) {
        return command.equals(ServeCommand.NAME) || command.equals(DemoNodeCommand.NAME);
    }

    /** The server's flags are its own: none of them may be taken for one of this command line's. */
    private int serve(String command, List<String> flags) {
        try {
            if (command.equals(DemoNodeCommand.NAME)) {
                DemoNodeCommand.run(flags, console.in());
            } else if (flags.contains("--help") || flags.contains("-h")) {
                return commandLine(command).execute(command, "--help");
            } else {
                ServeCommand.run(flags);
            }
            return ExitCode.OK;
        } catch (RuntimeException e) {
            return report(e, "coordinator " + command);
        }
    }

    /**
     * The commands, described.
     *
     * @param arguments of which the first one may name a command: then it is the only one, since to describe all of
     *     them takes longer than to run one
     */
    CommandLine commandLine(String... arguments) {
        CommandLine root = new CommandLine(new CoordinatorCommand());
        root.addMixin("options", options);
        Map<String, Supplier<Object>> commands = commands();
        boolean isNamed = arguments.length > 0 && commands.containsKey(arguments[0]);
        // The script that completes command lines is made of all commands.
        if (isNamed && !arguments[0].equals(CompletionCommand.NAME)) {
            commands.keySet().retainAll(Set.of(arguments[0]));
        }
        commands.forEach((name, command) -> root.addSubcommand(name, command.get()));
        root.setOut(new PrintWriter(console.out(), true, UTF_8));
        root.setErr(new PrintWriter(console.err(), true, UTF_8));
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setParameterExceptionHandler((mistake, words) -> report(mistake));
        root.setExecutionExceptionHandler((failure, command, parsed) ->
                report(failure, command.getCommandSpec().qualifiedName(" ")));
        return root;
    }

    private Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put(ServeCommand.NAME, ServeCommand::new);
        commands.put("demo", () -> new DemoCommand(console));
        commands.put(DemoWorkerCommand.NAME, () -> new DemoWorkerCommand(console));
        commands.put(DemoJobWorkerCommand.NAME, () -> new DemoJobWorkerCommand(console));
        commands.put(DemoSubmitterCommand.NAME, () -> new DemoSubmitterCommand(console));
        commands.put("rehearse", () -> new RehearsalCommand(words -> new CommandTree(console).execute(words)));
        commands.put("status", () -> new StatusCommand(console, options));
        commands.put("stats", () -> new StatsCommand(console, options));
        commands.put("get", () -> new GetCommand(console, options));
        commands.put("put", () -> new PutCommand(console, options));
        commands.put("del", () -> new DeleteCommand(console, options));
        commands.put("watch", () -> new WatchCommand(console, options));
        commands.put("cache", () -> CacheCommand.commandLine(console, options));
        commands.put("build", () -> new BuildCommand(console, options));
        commands.put("builds", () -> new BuildsCommand(console, options));
        commands.put("doc", () -> new DocumentCommand(console, options));
        commands.put("lock", () -> new LockCommand(console, options));
        commands.put("elect", () -> new ElectCommand(console, options));
        commands.put("locks", () -> new LocksCommand(console, options));
        commands.put("sem", () -> new SemaphoresCommand(console, options));
        commands.put("pub", () -> new PublishCommand(console, options));
        commands.put("sub", () -> new SubscribeCommand(console, options));
        commands.put("topic", () -> new TopicCommand(console, options));
        commands.put("group", () -> new GroupCommand(console, options));
        commands.put("rpc", () -> RpcCommand.commandLine(console, options));
        commands.put("job", () -> JobCommand.commandLine(console, options));
        commands.put("queue", () -> new QueueCommand(console, options));
        commands.put("schedule", () -> ScheduleCommand.commandLine(console, options));
        commands.put("sessions", () -> new SessionsCommand(console, options));
        commands.put("member", () -> new MemberCommand(console, options));
        commands.put("transfer", () -> new TransferCommand(console, options));
        commands.put("upgrade", () -> new UpgradeCommand(console, options));
        commands.put("stop", () -> new StopCommand(console, options));
        commands.put("snapshot", () -> new SnapshotCommand(console, options));
        commands.put("data", this::data);
        commands.put("version", () -> new VersionCommand(console));
        commands.put(CompletionCommand.NAME, () -> new CompletionCommand(console));
        return commands;
    }

    private CommandLine data() {
        return new CommandLine(new DataCommand(console, options))
                .addSubcommand(new ForceSingleCommand(console, options));
    }

    /** In one line, and the last one: who asks for the help gets it. */
    private int report(ParameterException mistake) {
        String command = mistake.getCommandLine().getCommandSpec().qualifiedName(" ");
        console.err().println(command + ": " + UsageErrors.explain(mistake) + "; see '" + command + " --help'");
        return ExitCode.USAGE;
    }

    private int report(Exception failure, String command) {
        if (options.verbose()) {
            failure.printStackTrace(console.err());
        }
        CliException told = Failures.explain(failure);
        console.err().println(command + ": " + told.getMessage());
        return told.exitCode();
    }
}
