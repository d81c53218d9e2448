package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.MessageCaller;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.AsyncJobQueue;
import io.coordinator.client.job.JobContext;
import io.coordinator.client.job.JobHandler;
import io.coordinator.client.job.WorkOptions;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

/** A queue, and a worker with a client of its own that hears the acknowledgement of each completion. */
final class CoordinatorJobs implements MessageCaller {
    private final CoordinatorClient worker;
    private final AsyncJobQueue queue;
    private final JobsUnderWay underWay = new JobsUnderWay();

    private CoordinatorJobs(CoordinatorClient worker, AsyncJobQueue queue) {
        this.worker = worker;
        this.queue = queue;
    }

    static CoordinatorJobs open(CoordinatorClient submitter, Callable<CoordinatorClient> connector, int atOnce)
            throws Exception {
        String name = "jobs-" + UUID.randomUUID();
        CoordinatorClient worker = connector.call();
        CoordinatorJobs jobs = new CoordinatorJobs(worker, submitter.async().jobs(name));
        worker.jobs(name).work(JobHandler.staged(jobs::complete), WorkOptions.concurrency(atOnce));
        return jobs;
    }

    private CompletionStage<Void> complete(JobContext job) {
        byte[] payload = CoordinatorMessages.bytes(job.payload());
        return job.completeAsync(null).thenRun(() -> underWay.completed(payload));
    }

    @Override
    public CompletionStage<byte[]> call(byte[] request) {
        return underWay.submit(request, payload -> queue.submit(CoordinatorMessages.text(payload)));
    }

    @Override
    public void close() throws Exception {
        worker.close();
        queue.delete().toCompletableFuture().get();
    }
}
