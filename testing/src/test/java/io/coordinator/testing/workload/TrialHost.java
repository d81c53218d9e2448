package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.job.JobHandler;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.WorkOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A host that works for all queues of a {@link JobTrial}, in a process of its own. Told to end, it finishes what it is
 * at.
 */
public final class TrialHost {
    private static final int CONCURRENCY = 4;
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private TrialHost() {}

    /** See {@link HostArguments}. */
    public static void main(String[] arguments) throws InterruptedException {
        HostArguments told = HostArguments.of(arguments);
        CoordinatorClient client = told.connect();
        HandlerLog log = new HandlerLog(told.lines());
        Map<String, JobHandler> handlers = new TreeMap<>();
        for (TrialQueue queue : TrialQueue.values()) {
            handlers.put(queue.queue(), new TrialHandler(client, queue, told.seed(), log));
        }
        work(client, handlers);
    }

    /** Does jobs until the process is told to end. */
    static void work(CoordinatorClient client, Map<String, JobHandler> handlers) throws InterruptedException {
        // What is refused, the handlers write down.
        WorkOptions options = WorkOptions.concurrency(CONCURRENCY)
                .withDrainTimeout(DRAIN)
                .withErrorListener(error -> System.out.println("told " + error));
        List<JobWorker> workers = new ArrayList<>();
        handlers.forEach((queue, handler) -> workers.add(join(client.jobs(queue), handler, options)));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(workers, client), "close-workers"));
        Thread.currentThread().join();
    }

    /** The session may be lost meanwhile; then the next one joins. */
    private static JobWorker join(JobQueue queue, JobHandler handler, WorkOptions options) {
        while (true) {
            try {
                return queue.work(handler, options);
            } catch (CoordinatorException e) {
                System.out.println("once more: " + e);
            }
        }
    }

    private static void close(List<JobWorker> workers, CoordinatorClient client) {
        workers.stream()
                .map(JobWorker::closeAsync)
                .toList()
                .forEach(closing -> closing.toCompletableFuture().join());
        client.close();
    }
}
