package io.coordinator.cli.demo;

import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.Help;
import io.coordinator.client.error.CoordinatorException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code coordinator demo}. */
@Command(
        name = "demo",
        description = {
            "Run jobs exactly once while the leader of the cluster and workers are killed.",
            "Starts " + Demo.NODES + " server processes and " + BuildAct.WORKERS
                    + " worker processes on this host. All workers ask for the same build at the same moment; while"
                    + " one of them builds, the leader is killed with SIGKILL. Then " + JobsAct.SUBMITTERS
                    + " processes submit " + JobsAct.JOBS + " jobs for " + JobsAct.WORKERS
                    + " others, of which " + JobsAct.WORKERS_KILLED
                    + " are killed like the leader, and one is paused. Exit code 0 only if exactly one result was"
                    + " committed and all workers got it, and the effect of each job happened exactly once. Nothing is"
                    + " left behind, also when interrupted."
        },
        footerHeading = Help.EXAMPLES,
        footer = {"  coordinator demo"})
public final class DemoCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--json", description = "End with one line of JSON on stdout; the story goes to stderr.")
    private boolean json;

    public DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        DemoDirectory directory = DemoDirectory.create();
        Children children = new Children();
        Optional<DemoOutcome> result;
        try (Teardown teardown = Teardown.arm(children, directory)) {
            result = run(directory, children, teardown);
        }
        result.ifPresent(this::print);
        return result.filter(DemoOutcome::succeeded).isPresent() ? ExitCode.OK : ExitCode.ERROR;
    }

    private Optional<DemoOutcome> run(DemoDirectory directory, Children children, Teardown teardown)
            throws IOException, InterruptedException {
        Narrator narrator = json
                ? new Narrator(console.err(), console.errIsTerminal())
                : new Narrator(console.out(), console.outIsTerminal());
        try {
            DemoOutcome result = new Demo(directory, children, narrator).run();
            if (!result.succeeded()) {
                explain("the counts are not as they must be: " + result.toJson(), directory);
            }
            return Optional.of(result);
        } catch (DemoFailure | CoordinatorException e) {
            if (!teardown.interrupted()) {
                explain(String.valueOf(e.getMessage()), directory);
            }
            return Optional.empty();
        }
    }

    private void explain(String failure, DemoDirectory directory) throws IOException {
        console.err().println("coordinator demo: " + failure);
        console.err().print(new LogTails(directory).text());
    }

    private void print(DemoOutcome result) {
        console.out().println(json ? result.toJson() : result.sentence());
    }
}
