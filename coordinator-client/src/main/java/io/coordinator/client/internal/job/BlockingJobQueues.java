package io.coordinator.client.internal.job;

import io.coordinator.client.internal.async.Await;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.JobQueues;
import io.coordinator.client.job.QueueSummary;
import java.util.List;

/** The queues of a namespace for callers that wait. */
public record BlockingJobQueues(JobQueuesCalls calls) implements JobQueues {
    @Override
    public String namespace() {
        return calls.namespace();
    }

    @Override
    public JobQueue queue(String name) {
        return calls.queue(name).blocking();
    }

    @Override
    public List<QueueSummary> list(String prefix, String after, int limit) {
        return Await.result(calls.list(prefix, after, limit));
    }
}
