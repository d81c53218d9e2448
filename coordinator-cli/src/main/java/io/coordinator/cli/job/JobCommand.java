package io.coordinator.cli.job;

import io.coordinator.cli.builds.BuildReport;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.DurationConverter;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.JobSearch;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.console.Kind;
import io.coordinator.cli.console.ListOptions;
import io.coordinator.cli.console.ListPrinter;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.cli.console.Printable;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.job.JobStatus;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator job}. */
@Command(
        name = "job",
        description = {
            "Submit jobs, see how far they are, steer them, and do them by running a program; see its commands. Alone:"
                    + " as 'job ls'.",
            "The queues in which they wait: 'queue'. What submits them at certain times: 'schedule'."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator job submit mail '{\"to\": \"ada@example.org\"}' --id welcome-7",
            "  coordinator job worker mail -n 4 -- ./send.sh",
            "  coordinator job ls",
            "  coordinator job show mail welcome-7",
            "  coordinator job await mail welcome-7",
            "  coordinator job redrive mail"
        })
public final class JobCommand implements Runnable {
    private final Console console;
    private final GlobalOptions options;

    private JobCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    /** With its commands, of which some are classes of their own. */
    public static CommandLine commandLine(Console console, GlobalOptions options) {
        CommandLine job = new CommandLine(new JobCommand(console, options));
        job.addSubcommand("submit", new JobSubmitCommand(console, options));
        job.addSubcommand("dead", new JobDeadCommand(console, options));
        job.addSubcommand("redrive", new JobRedriveCommand(console, options));
        job.addSubcommand("worker", new JobWorkerCommand(console, options));
        return job;
    }

    @Override
    public void run() {
        list(null, null, new ListOptions());
    }

    // ---- to see ----

    @Command(
            name = "ls",
            description = {
                "List the jobs of a queue, or what runs and waits in all of them: who has it, and since when.",
                "Without QUEUE also the builds and the tasks of runOnce that run are listed, or with --state succeeded"
                        + " those that are done. The order is that of the ids, with --state that in which they will run,"
                        + " have begun or have ended."
            })
    void list(
            @Parameters(arity = "0..1", paramLabel = "QUEUE", description = "Only the jobs of this queue.") @Nullable
                    String queue,
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            description = "Only those in it: ${COMPLETION-CANDIDATES}. Default: with a QUEUE all,"
                                    + " otherwise those that are not over")
                    @Nullable
                    ListedState state,
            @Mixin ListOptions limits) {
        try (CoordinatorClient client = connect()) {
            WorkLists lists = new WorkLists(client);
            if (queue != null && client.jobs(queue).inspect().isEmpty()) {
                throw Kind.QUEUE.missing(client, queue, "no queue");
            }
            new ListPrinter<>(console, "job ls", format(), JobListings.WORK, limits)
                    .print(queue == null ? lists.everywhere(state) : lists.of(queue, state));
        }
    }

    @Command(
            name = "show",
            customSynopsis = "coordinator job show [QUEUE] ID [OPTIONS]",
            description = {
                "Show a job: its state, its last ten attempts with their workers and failures, its steps, and what it"
                        + " has reported. A table cuts long values; -o json has them whole. Exit code 3 if there is none.",
                "Without QUEUE the job is looked for in all queues, and among builds and tasks of runOnce."
            })
    void show(
            @Parameters(index = "0", paramLabel = "QUEUE", description = "Its queue; may be left out.") String first,
            @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "The job.") @Nullable
                    String second) {
        try (CoordinatorClient client = connect()) {
            if (second == null) {
                showAny(client, first);
            } else {
                print(client, first, find(client, first, second));
            }
        }
    }

    private void showAny(CoordinatorClient client, String id) {
        List<JobSearch.Found> found = JobSearch.find(client, id);
        BuildStatus build = client.builds().status(id);
        boolean isBuilt = build.state() != BuildStatus.State.EMPTY;
        if (found.isEmpty() && isBuilt) {
            BuildReport report = new BuildReport(id, build);
            print(report.text(), Json.line(report.json()));
        } else if (found.size() == 1 && !isBuilt) {
            print(client, found.get(0).queue(), found.get(0).job());
        } else if (found.isEmpty()) {
            throw Kind.JOB.missing(client, id, "no job, build or task");
        } else {
            throw new CliException(ExitCode.USAGE, ambiguous(id, found, isBuilt));
        }
    }

    private static String ambiguous(String id, List<JobSearch.Found> found, boolean isBuilt) {
        List<String> queues = found.stream()
                .map(job -> "'" + Printable.brief(job.queue()) + "'")
                .toList();
        return "there is a job '" + id + "' in " + (queues.size() == 1 ? "queue " : "the queues ")
                + String.join(", ", queues) + (isBuilt ? ", and a build of that name (see 'builds show')" : "")
                + "; name the queue too: coordinator job show QUEUE '" + id + "'";
    }

    private void print(CoordinatorClient client, String queue, JobStatus job) {
        JobReport report = new JobReport(
                queue, job, client.jobs(queue).job(job.summary().id()).steps());
        print(report.text(), Json.line(report.json()));
    }

    @Command(
            name = "await",
            description =
                    "Wait for the end of a job, and print its result; exit code 1 if it is dead or cancelled, 4 if"
                            + " it has not ended in time, 3 if there is none.")
    void await(
            @Parameters(index = "0", paramLabel = "QUEUE") String queue,
            @Parameters(index = "1", paramLabel = "ID") String id,
            @Option(
                            names = "--wait",
                            paramLabel = "DURATION",
                            converter = DurationConverter.class,
                            description = "How long. Default: as long as it takes")
                    @Nullable
                    Duration wait) {
        try (CoordinatorClient client = connect()) {
            JobStatus job = find(client, queue, id);
            new JobEndPrinter(console, options)
                    .print(client.jobs(queue).job(job.summary().id()), wait);
        }
    }

    // ---- to steer ----

    @Command(
            name = "cancel",
            description = "Cancel a job: one that waits is over at once; the worker of one that runs is told to stop."
                    + " Exit code 3 if there is none, or it is over.")
    void cancel(
            @Parameters(index = "0", paramLabel = "QUEUE") String queue,
            @Parameters(index = "1", paramLabel = "ID") String id) {
        try (CoordinatorClient client = connect()) {
            if (!client.jobs(queue).job(id).cancel()) {
                JobStatus job = find(client, queue, id);
                throw new CliException(
                        ExitCode.NOT_FOUND,
                        "job '" + id + "' of queue '" + queue + "' is over already: " + ListedState.text(job.state())
                                + "; nothing was cancelled");
            }
            done(queue, id, "cancelled");
        }
    }

    @Command(
            name = "retry",
            description = {
                "Have a job run again that is over, from its first attempt, behind all that wait. Exit code 3 if there"
                        + " is none, or it waits or runs.",
                "A dead one goes on behind the steps that it has recorded; one that succeeded or was cancelled forgets"
                        + " them."
            })
    void retry(
            @Parameters(index = "0", paramLabel = "QUEUE") String queue,
            @Parameters(index = "1", paramLabel = "ID") String id,
            @Option(
                            names = "--keep-steps",
                            negatable = true,
                            description = "Steps that were recorded are not done again. Default: those of dead jobs")
                    @Nullable
                    Boolean keepSteps) {
        try (CoordinatorClient client = connect()) {
            new Retries(client, queue).retry(find(client, queue, id), keepSteps);
            done(queue, id, "retried");
        }
    }

    // ---- parts ----

    private static JobStatus find(CoordinatorClient client, String queue, String id) {
        return client.jobs(queue).job(id).inspect().orElseThrow(() -> Retries.missing(client, queue, id));
    }

    private void done(String queue, String id, String what) {
        if (format() != OutputFormat.table) {
            console.out()
                    .println(Json.line(
                            Json.object().put("queue", queue).put("id", id).put(what, true)));
        }
    }

    private CoordinatorClient connect() {
        return new ClusterAccess(options).connect();
    }

    private OutputFormat format() {
        return options.output(OutputFormat.table);
    }

    private void print(String table, String json) {
        console.out().print(format() == OutputFormat.table ? table : json + '\n');
    }
}
