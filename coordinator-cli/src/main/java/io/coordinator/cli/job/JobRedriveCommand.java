package io.coordinator.cli.job;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.Kind;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.JobStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator job redrive QUEUE}. */
@Command(
        name = "redrive",
        description = {
            "Have dead jobs tried again from their first attempt, behind all that wait, and print how many.",
            "They go on behind the steps that they have recorded. Of jobs that are named all must be dead; otherwise"
                    + " nothing is done, and the exit code is 3."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator job redrive mail",
            "  coordinator job redrive mail --limit 10",
            "  coordinator job redrive mail welcome-7 welcome-8"
        })
final class JobRedriveCommand implements Callable<Integer> {
    private final Console console;
    private final GlobalOptions options;

    @Parameters(index = "0", paramLabel = "QUEUE")
    private String queue = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "ID", description = "Only these. Default: all dead ones")
    private List<String> ids = List.of();

    @Option(names = "--limit", paramLabel = "COUNT", description = "At most so many, those first that died first.")
    private @Nullable Long limit;

    JobRedriveCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() {
        if (limit != null && !ids.isEmpty()) {
            throw new CliException(ExitCode.USAGE, "--limit is for all dead jobs; leave it out if you name some");
        }
        try (CoordinatorClient client = new ClusterAccess(options).connect()) {
            long count = ids.isEmpty() ? redriveAll(client) : redriveSome(client);
            console.out()
                    .println(
                            options.output(OutputFormat.table) == OutputFormat.table
                                    ? Long.toString(count)
                                    : Json.line(
                                            Json.object().put("queue", queue).put("redriven", count)));
            return ExitCode.OK;
        }
    }

    private long redriveAll(CoordinatorClient client) {
        JobQueue jobs = client.jobs(queue);
        if (jobs.inspect().isEmpty()) {
            throw Kind.QUEUE.missing(client, queue, "no queue");
        }
        return limit == null ? jobs.redrive() : jobs.redrive(limit);
    }

    private long redriveSome(CoordinatorClient client) {
        List<JobStatus> dead = new ArrayList<>();
        for (String id : ids) {
            JobStatus job = client.jobs(queue).job(id).inspect().orElseThrow(() -> Retries.missing(client, queue, id));
            if (job.state() != JobState.DEAD) {
                throw new CliException(
                        ExitCode.NOT_FOUND,
                        "job '" + id + "' of queue '" + queue + "' is not dead: " + ListedState.text(job.state())
                                + "; nothing was redriven. 'job retry' has any job run again that is over");
            }
            dead.add(job);
        }
        Retries retries = new Retries(client, queue);
        dead.forEach(job -> retries.retry(job, true));
        return dead.size();
    }
}
