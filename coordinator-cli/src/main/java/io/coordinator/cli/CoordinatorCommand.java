package io.coordinator.cli;

import io.coordinator.cli.console.Help;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code coordinator} alone: says what there is. */
@Command(
        name = "coordinator",
        description = {
            "Locks with fencing tokens, exactly-once builds and a linearizable cache, replicated by Raft.",
            ""
        },
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        sortOptions = false,
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done",
            " 1:an error that has no number of its own",
            " 2:wrong usage",
            " 3:no such key, or a condition did not hold",
            " 4:timed out, or the lock was not acquired in time",
            " 5:no leader, or no node reachable",
            " 6:not authenticated, or not permitted",
            "75:the lock was lost while the command ran"
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator demo",
            "  coordinator serve --node n1 --data-dir data/n1",
            "  coordinator put greeting '{\"text\": \"hello\"}'",
            "  coordinator lock nightly-job -- ./run-nightly.sh",
            "  coordinator lock --help"
        })
final class CoordinatorCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
