package io.coordinator.benchmarks.systems;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.coordinator.benchmarks.harness.MessageCaller;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A scheduler and those who submit to it, each of whom blocks a thread. */
final class DbSchedulerJobs implements MessageCaller {
    static final Duration POLLING = Duration.ofMillis(20);
    static final int CONNECTIONS_MAX = 32;

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
    /** When some of its threads have nothing to do it fetches again, as many as there are threads. */
    private static final double FETCH_BELOW = 0.5;

    private final HikariDataSource connections;
    private final CustomTask<byte[]> task;
    private final Scheduler scheduler;
    private final ExecutorService submitters;
    private final AtomicLong numbers = new AtomicLong();
    private final JobsUnderWay underWay = new JobsUnderWay();

    private DbSchedulerJobs(HikariDataSource connections, int atOnce) {
        this.connections = connections;
        submitters = Executors.newFixedThreadPool(atOnce);
        task = Tasks.custom("job", byte[].class).execute((job, context) -> completion(job.getData()));
        scheduler = Scheduler.create(connections, task)
                .threads(atOnce)
                .pollUsingLockAndFetch(FETCH_BELOW, 1)
                .pollingInterval(POLLING)
                .enableImmediateExecution()
                .shutdownMaxWait(STOP_PATIENCE)
                .build();
    }

    static DbSchedulerJobs open(String url, int atOnce) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(Math.min(2 * atOnce + 2, CONNECTIONS_MAX));
        DbSchedulerJobs jobs = new DbSchedulerJobs(new HikariDataSource(config), atOnce);
        jobs.scheduler.start();
        return jobs;
    }

    /** What tasks that run once do in the end, and then tells that the row is gone for good. */
    private CompletionHandler<byte[]> completion(byte[] payload) {
        return (complete, row) -> {
            row.remove();
            underWay.completed(payload);
        };
    }

    @Override
    public CompletionStage<byte[]> call(byte[] request) {
        return underWay.submit(request, payload -> CompletableFuture.runAsync(() -> schedule(payload), submitters));
    }

    private void schedule(byte[] payload) {
        scheduler.schedule(task.instance(Long.toString(numbers.incrementAndGet()), payload), Instant.now());
    }

    @Override
    public void close() {
        try (connections) {
            submitters.shutdownNow();
            scheduler.stop();
        }
    }
}
