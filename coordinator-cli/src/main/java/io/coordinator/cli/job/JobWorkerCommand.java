package io.coordinator.cli.job;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.DurationConverter;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Printable;
import io.coordinator.cli.process.Child;
import io.coordinator.cli.process.CommandRuns;
import io.coordinator.cli.process.EndSignals;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.WorkOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator job worker QUEUE -- COMMAND}. */
@Command(
        name = "worker",
        customSynopsis = "coordinator job worker QUEUE [OPTIONS] -- COMMAND [ARGUMENT…]",
        description = {
            "Do the jobs of a queue: run a command for each, which reads the payload as JSON.",
            "The command sees COORD_JOB_QUEUE, COORD_JOB_ID, COORD_JOB_KEY, COORD_JOB_ATTEMPT, COORD_JOB_ATTEMPTS_MAX,"
                    + " COORD_JOB_TOKEN (a fencing token, larger with each attempt), COORD_JOB_SUBMITTED_AT,"
                    + " COORD_JOB_TIMEOUT_MILLIS (if the attempt has a limit), COORD_NAMESPACE and COORD_ENDPOINTS.",
            "Exit code 0: the job is done, and what the command wrote is its result: JSON, or else text; of more than 1"
                    + " MiB, or what is not UTF-8, the beginning. 65: the job is dead at once. Any other: the attempt"
                    + " has failed with the end of what it wrote to standard error, and the next one comes later.",
            "If the job is cancelled, takes too long, or is not this worker's any more, the command is told to end (TERM,"
                    + " then KILL after the grace). What it has started ends with it.",
            "INT, TERM or HUP end the worker when the jobs that run are done, or go back to the queue after the time of"
                    + " --drain-timeout; a second signal ends them at once. If the queue is deleted, it ends with 1."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator job worker mail -- ./send.sh",
            "  coordinator job worker reports -n 4 --drain-timeout 5m -- ./report.sh --all"
        })
final class JobWorkerCommand implements Callable<Integer> {
    private final Console console;
    private final GlobalOptions options;

    @Parameters(index = "0", paramLabel = "QUEUE", description = "Whose jobs; made if it is not there.")
    private String queue = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "What to run, and its arguments.")
    private List<String> command = List.of();

    @Option(
            names = {"-n", "--concurrency"},
            paramLabel = "JOBS",
            description = "How many jobs at the same time. Default: 1")
    private int concurrency = 1;

    @Option(
            names = "--drain-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long jobs that run may take after a signal. Default: 30s")
    private Duration drainTimeout = Duration.ofSeconds(30);

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long a command may take to end after TERM. Default: 5s")
    private Duration grace = Duration.ofSeconds(5);

    JobWorkerCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() {
        // Before a job is taken, so that none loses an attempt to a mistake in this line.
        if (!Child.isThere(command.get(0), System.getenv().getOrDefault("PATH", ""))) {
            throw new CliException(
                    ExitCode.CANNOT_EXECUTE, "cannot run '" + command.get(0) + "': there is no such program");
        }
        try (EndSignals signals = new EndSignals();
                CoordinatorClient client = new ClusterAccess(options).connect();
                CommandRuns runs = new CommandRuns(settings(), console.err(), "job")) {
            return serve(client, runs, signals);
        }
    }

    private int serve(CoordinatorClient client, CommandRuns runs, EndSignals signals) {
        CompletableFuture<JobWorker> joined = new CompletableFuture<>();
        WorkOptions how = WorkOptions.concurrency(concurrency)
                .withExecutor(runs.threads())
                .withDrainTimeout(drainTimeout)
                .withErrorListener(error -> heard(error, joined, signals));
        JobWorker worker = client.jobs(queue).work(new CommandJobs(runs, why -> cannotRun(why, signals)), how);
        joined.complete(worker);
        note("does the jobs of '" + queue + "'; at the same time: " + concurrency);
        signals.await();
        note("ends; jobs that are not done: " + worker.running());
        return signals.finish(worker.closeAsync().toCompletableFuture());
    }

    private CommandRuns.Settings settings() {
        Map<String, String> environment =
                Map.of("COORD_NAMESPACE", options.namespace(), "COORD_ENDPOINTS", options.endpoints());
        return new CommandRuns.Settings(command, environment, grace, CommandResults.OUTPUT_MAX, false);
    }

    /** A worker whose queue is gone gets nothing any more. */
    private void heard(Throwable error, CompletableFuture<JobWorker> joined, EndSignals signals) {
        note(Printable.lines(String.valueOf(error.getMessage())));
        var unused = joined.thenAccept(worker -> {
            if (worker.state() == JobWorker.State.CLOSED || worker.state() == JobWorker.State.DRAINING) {
                signals.end(ExitCode.ERROR);
            }
        });
    }

    /** Every job would fail, and so quickly that this worker got most of them. */
    private void cannotRun(String why, EndSignals signals) {
        note(why);
        signals.end(ExitCode.CANNOT_EXECUTE);
    }

    private void note(String text) {
        console.err().println("coordinator job worker: " + text);
    }
}
