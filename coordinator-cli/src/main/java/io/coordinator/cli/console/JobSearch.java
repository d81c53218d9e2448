package io.coordinator.cli.console;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.JobStatus;
import io.coordinator.client.job.QueueSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Finds jobs by their ids alone, which are unique within a queue only. */
public final class JobSearch {
    private static final int PAGE = 100;

    private JobSearch() {}

    /**
     * A job that was found.
     *
     * @param queue where it is
     */
    public record Found(String queue, JobStatus job) {}

    /** The jobs of an id, in the order of their queues. */
    public static List<Found> find(CoordinatorClient client, String id) {
        List<Found> found = new ArrayList<>();
        List<QueueSummary> page = client.jobQueues().list("", "", PAGE);
        while (!page.isEmpty()) {
            found.addAll(find(client, page, id));
            page = client.jobQueues().list("", page.get(page.size() - 1).name(), PAGE);
        }
        return found;
    }

    private static List<Found> find(CoordinatorClient client, List<QueueSummary> queues, String id) {
        return all(
                queues.stream().map(queue -> inspect(client, queue.name(), id)).toList());
    }

    /** Those jobs of a queue that are there, all asked for at once. */
    public static List<Found> find(CoordinatorClient client, String queue, List<String> ids) {
        return all(ids.stream().map(id -> inspect(client, queue, id)).toList());
    }

    private static CompletableFuture<Optional<Found>> inspect(CoordinatorClient client, String queue, String id) {
        return client.async()
                .jobs(queue)
                .job(id)
                .inspect()
                .thenApply(status -> status.map(job -> new Found(queue, job)))
                .toCompletableFuture();
    }

    private static List<Found> all(List<CompletableFuture<Optional<Found>>> asked) {
        try {
            return asked.stream().flatMap(answer -> answer.join().stream()).toList();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }
}
