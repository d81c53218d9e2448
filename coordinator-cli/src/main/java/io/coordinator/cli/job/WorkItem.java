package io.coordinator.cli.job;

import io.coordinator.cli.console.ClientNames;
import io.coordinator.client.builds.BuildPage;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.BuilderInfo;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.JobSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What runs, waits or is over: a job of a queue, a build, or a task of {@code runOnce}.
 *
 * @param kind {@code job}, {@code build} or {@code runOnce}
 * @param queue empty for what is in none
 * @param id of the job, or the key of the build
 * @param state as it is shown
 * @param attempts how many; 0 for what does not count them
 * @param key with which it keeps an order; empty for none
 * @param worker the name of the client that has it; empty for none
 * @param since when it came into its state, as far as that is known
 * @param dueIn how long it is delayed still
 * @param job empty for a build
 */
record WorkItem(
        String kind,
        String queue,
        String id,
        String state,
        int attempts,
        String key,
        String worker,
        Optional<Instant> since,
        Optional<Duration> dueIn,
        Optional<JobSummary> job) {
    static WorkItem of(String queue, JobSummary job) {
        return new WorkItem(
                "job",
                queue,
                job.id(),
                job.cancelRequested() && job.state() == JobState.RUNNING ? "cancelling" : ListedState.text(job.state()),
                job.attempts(),
                job.key(),
                job.worker(),
                since(job),
                job.remaining().isZero() ? Optional.empty() : Optional.of(job.remaining()),
                Optional.of(job));
    }

    private static Optional<Instant> since(JobSummary job) {
        return switch (job.state()) {
            case RUNNING -> job.startedAt();
            case SUCCEEDED, DEAD, CANCELED -> job.finishedAt();
            case WAITING, DELAYED, OTHER -> Optional.of(job.submittedAt());
        };
    }

    /** @param now by this host's clock, which is for people only */
    static WorkItem of(BuildPage.Item build, Instant now) {
        boolean runs = build.builder().isPresent();
        return new WorkItem(
                build.task() ? "runOnce" : "build",
                "",
                build.key(),
                ListedState.text(
                        runs || build.state() == BuildStatus.State.PENDING ? JobState.RUNNING : JobState.SUCCEEDED),
                0,
                "",
                build.builder().map(BuilderInfo::clientName).orElse(""),
                build.builder().map(builder -> now.minus(builder.runningFor())),
                Optional.empty(),
                Optional.empty());
    }

    String host() {
        return ClientNames.host(worker);
    }
}
