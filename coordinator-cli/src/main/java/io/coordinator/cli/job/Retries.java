package io.coordinator.cli.job;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.JobSearch;
import io.coordinator.cli.console.Kind;
import io.coordinator.cli.console.Printable;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.JobStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has jobs of one queue run again. */
final class Retries {
    private final CoordinatorClient client;
    private final String queue;

    Retries(CoordinatorClient client, String queue) {
        this.client = client;
        this.queue = queue;
    }

    /**
     * Has one run again.
     *
     * @param keepSteps null: if it is dead
     * @throws CliException if it is not over
     */
    void retry(JobStatus job, @Nullable Boolean keepSteps) {
        String id = job.summary().id();
        boolean keeps = keepSteps == null ? job.state() == JobState.DEAD : keepSteps;
        if (!job.state().isOver() || !client.jobs(queue).rerun(id, keeps)) {
            throw new CliException(
                    ExitCode.NOT_FOUND,
                    "job '" + id + "' of queue '" + queue + "' is not over: " + ListedState.text(job.state())
                            + "; nothing was done");
        }
    }

    /** The failure of a command that has found no such job; says where there is something of that name. */
    static CliException missing(CoordinatorClient client, String queue, String id) {
        if (client.jobs(queue).inspect().isEmpty()) {
            return Kind.QUEUE.missing(client, queue, "no queue");
        }
        List<JobSearch.Found> elsewhere = JobSearch.find(client, id);
        if (elsewhere.isEmpty()) {
            return Kind.JOB.missing(client, id, "queue '" + queue + "' has no job");
        }
        return new CliException(
                ExitCode.NOT_FOUND,
                "queue '" + queue + "' has no job '" + id + "'; there is one in queue '"
                        + Printable.brief(elsewhere.get(0).queue()) + "'");
    }
}
