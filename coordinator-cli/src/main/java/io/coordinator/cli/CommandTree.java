package io.coordinator.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coordinator.cli.command.CompletionCommand;
import io.coordinator.cli.command.VersionCommand;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.GlobalOptions;
import java.io.PrintWriter;
import picocli.CommandLine;

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
        return commandLine().execute(arguments);
    }

    CommandLine commandLine() {
        CommandLine root = new CommandLine(new CoordinatorCommand(options));
        root.addSubcommand(new VersionCommand(console));
        root.addSubcommand(new CompletionCommand(console));
        root.setOut(new PrintWriter(console.out(), true, UTF_8));
        root.setErr(new PrintWriter(console.err(), true, UTF_8));
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command.getCommandName()));
        return root;
    }

    private int report(Exception failure, String command) {
        if (options.verbose()) {
            failure.printStackTrace(console.err());
        }
        CliException told = (CliException) failure;
        console.err().println("coordinator " + command + ": " + told.getMessage());
        return told.exitCode();
    }
}
