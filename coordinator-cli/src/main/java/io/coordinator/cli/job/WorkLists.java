package io.coordinator.cli.job;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.JobFilter;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.QueueSummary;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What there is of work, in one queue or everywhere in a namespace. */
final class WorkLists {
    private static final int PAGE = 100;

    private final CoordinatorClient client;

    WorkLists(CoordinatorClient client) {
        this.client = client;
    }

    /** @param state null for all */
    WorkPages of(String queue, @Nullable ListedState state) {
        JobFilter filter = state == null ? JobFilter.all() : JobFilter.in(state.state());
        return new WorkPages(List.of(new QueuePages(client.jobs(queue), filter)));
    }

    /** @param state null for all that is not over */
    WorkPages everywhere(@Nullable ListedState state) {
        List<JobState> states =
                state == null ? List.of(JobState.RUNNING, JobState.WAITING, JobState.DELAYED) : List.of(state.state());
        List<QueueSummary> queues = queues();
        List<WorkPages.Part> parts = new ArrayList<>();
        for (JobState each : states) {
            queues.stream()
                    .filter(queue -> mayHave(queue, each))
                    .forEach(queue -> parts.add(new QueuePages(client.jobs(queue.name()), JobFilter.in(each))));
            if (each == JobState.RUNNING || each == JobState.SUCCEEDED) {
                parts.add(new BuildPages(client.builds(), each == JobState.RUNNING));
            }
        }
        return new WorkPages(parts);
    }

    private static boolean mayHave(QueueSummary queue, JobState state) {
        return switch (state) {
            case DELAYED -> queue.delayed() > 0;
            case WAITING -> queue.waiting() > 0;
            case RUNNING -> queue.running() > 0;
            case DEAD -> queue.dead() > 0;
            case SUCCEEDED, CANCELED -> queue.finished() > 0;
            case OTHER -> true;
        };
    }

    private List<QueueSummary> queues() {
        List<QueueSummary> all = new ArrayList<>();
        List<QueueSummary> page = client.jobQueues().list("", "", PAGE);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = client.jobQueues().list("", page.get(page.size() - 1).name(), PAGE);
        }
        return all;
    }
}
