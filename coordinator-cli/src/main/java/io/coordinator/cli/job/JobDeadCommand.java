package io.coordinator.cli.job;

import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.console.JobSearch;
import io.coordinator.cli.console.Kind;
import io.coordinator.cli.console.ListOptions;
import io.coordinator.cli.console.ListPrinter;
import io.coordinator.cli.console.OutputFormat;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.JobFilter;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.JobState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code coordinator job dead QUEUE}. */
@Command(
        name = "dead",
        description = {
            "List the dead jobs of a queue with their last failures, those that died first at the top.",
            "All about one of them: 'job show'. To have them tried again: 'job redrive'; to forget them: 'queue purge"
                    + " --dead'."
        },
        footerHeading = Help.EXAMPLES,
        footer = {"  coordinator job dead mail", "  coordinator job dead mail -o jsonl"})
final class JobDeadCommand implements Callable<Integer> {
    /** Small, because with each job its payload comes too. */
    private static final int PAGE = 20;

    private final Console console;
    private final GlobalOptions options;

    @Parameters(paramLabel = "QUEUE")
    private String queue = "";

    @Mixin
    private ListOptions limits = new ListOptions();

    JobDeadCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() {
        try (CoordinatorClient client = new ClusterAccess(options).connect()) {
            JobQueue jobs = client.jobs(queue);
            if (jobs.inspect().isEmpty()) {
                throw Kind.QUEUE.missing(client, queue, "no queue");
            }
            WorkPages dead = new WorkPages(
                    List.of(new QueuePages(jobs, JobFilter.in(JobState.DEAD).withLimit(PAGE))));
            new ListPrinter<>(console, "job dead", options.output(OutputFormat.table), JobListings.DEAD, limits)
                    .print(last -> page(client, dead));
            return ExitCode.OK;
        }
    }

    /** With what lists do not tell; without those that are dead no more. */
    private ListPrinter.Page<JobSearch.Found> page(CoordinatorClient client, WorkPages dead) {
        ListPrinter.Page<WorkItem> page = dead.after(Optional.empty());
        List<String> ids = page.rows().stream().map(WorkItem::id).toList();
        List<JobSearch.Found> found = JobSearch.find(client, queue, ids).stream()
                .filter(job -> job.job().state() == JobState.DEAD)
                .toList();
        return new ListPrinter.Page<>(found, page.more());
    }
}
