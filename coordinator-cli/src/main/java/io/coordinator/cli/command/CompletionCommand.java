package io.coordinator.cli.command;

import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.Help;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code coordinator completion SHELL}. */
@Command(
        name = CompletionCommand.NAME,
        description = "Print a completion script; for example: source <(coordinator completion bash)",
        footerHeading = Help.EXAMPLES,
        footer = {"  coordinator completion bash >/etc/bash_completion.d/coordinator"})
public final class CompletionCommand implements Runnable {
    public static final String NAME = "completion";

    private final Console console;

    /** The shells with a script. */
    enum Shell {
        bash,
        zsh
    }

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell = Shell.bash;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    public CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        // The script is bash; it loads zsh's emulation of bash completion when it finds itself there.
        String script = AutoComplete.bash("coordinator", spec.root().commandLine());
        console.out().print(shell == Shell.zsh ? "#compdef coordinator\n" + script : script);
    }
}
