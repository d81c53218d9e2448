package io.coordinator.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import io.coordinator.cli.command.TransferCommand;
import io.coordinator.cli.command.VersionCommand;
import io.coordinator.cli.command.WatchCommand;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.Failures;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.data.DataCommand;
import io.coordinator.cli.demo.DemoCommand;
import io.coordinator.cli.demo.DemoNodeCommand;
import io.coordinator.cli.demo.DemoWorkerCommand;
import io.coordinator.cli.demo.RehearsalCommand;
import io.coordinator.cli.document.DocumentCommand;
import io.coordinator.cli.holders.LocksCommand;
import io.coordinator.cli.holders.SemaphoresCommand;
import io.coordinator.cli.holders.SessionsCommand;
import io.coordinator.cli.lock.ElectCommand;
import io.coordinator.cli.lock.LockCommand;
import java.io.PrintWriter;
import java.util.List;
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
                : commandLine().execute(arguments);
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
                return commandLine().execute(command, "--help");
            } else {
                ServeCommand.run(flags);
            }
            return ExitCode.OK;
        } catch (RuntimeException e) {
            return report(e, "coordinator " + command);
        }
    }

    CommandLine commandLine() {
        CommandLine root = new CommandLine(new CoordinatorCommand());
        root.addMixin("options", options);
        root.addSubcommand(new ServeCommand());
        root.addSubcommand(new DemoCommand(console));
        root.addSubcommand(new DemoWorkerCommand(console));
        root.addSubcommand(new RehearsalCommand());
        root.addSubcommand(new StatusCommand(console, options));
        root.addSubcommand(new StatsCommand(console, options));
        root.addSubcommand(new GetCommand(console, options));
        root.addSubcommand(new PutCommand(console, options));
        root.addSubcommand(new DeleteCommand(console, options));
        root.addSubcommand(new WatchCommand(console, options));
        root.addSubcommand(CacheCommand.commandLine(console, options));
        root.addSubcommand(new BuildCommand(console, options));
        root.addSubcommand(new BuildsCommand(console, options));
        root.addSubcommand(new DocumentCommand(console, options));
        root.addSubcommand(new LockCommand(console, options));
        root.addSubcommand(new ElectCommand(console, options));
        root.addSubcommand(new LocksCommand(console, options));
        root.addSubcommand(new SemaphoresCommand(console, options));
        root.addSubcommand(new SessionsCommand(console, options));
        root.addSubcommand(new TransferCommand(console, options));
        root.addSubcommand(new DataCommand(console, options));
        root.addSubcommand(new VersionCommand(console));
        root.addSubcommand(new CompletionCommand(console));
        root.setOut(new PrintWriter(console.out(), true, UTF_8));
        root.setErr(new PrintWriter(console.err(), true, UTF_8));
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setParameterExceptionHandler((mistake, arguments) -> report(mistake));
        root.setExecutionExceptionHandler((failure, command, parsed) ->
                report(failure, command.getCommandSpec().qualifiedName(" ")));
        return root;
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
