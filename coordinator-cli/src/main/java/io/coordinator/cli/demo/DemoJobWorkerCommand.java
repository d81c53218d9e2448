package io.coordinator.cli.demo;

import io.coordinator.cli.console.Console;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.JobLeaseLostException;
import io.coordinator.client.job.JobContext;
import io.coordinator.client.job.JobWorker;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Phaser;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One worker for the demo's jobs, until it gets the word to leave. Started by the demo only. */
@Command(name = DemoJobWorkerCommand.NAME, hidden = true, description = "One worker for the jobs of the demo.")
public final class DemoJobWorkerCommand implements Callable<Integer> {
    /** The hidden command's name. */
    public static final String NAME = "demo-job-worker";

    /** The queue. */
    static final String QUEUE = "demo";

    /** How many jobs at a time. */
    static final int CONCURRENCY = 4;

    /** Short, so that the demo need not wait long for what killed workers had. */
    static final Duration LEASE = Duration.ofSeconds(3);

    private final Console console;

    /** Handlers that run, and the process itself: the worker does not wait for those whose session is lost. */
    private final Phaser running = new Phaser(1);

    @Mixin
    private DemoProcess self = new DemoProcess();

    @Option(names = "--job-millis", required = true)
    private long jobMillis;

    public DemoJobWorkerCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ParentPipe parent = self.watchParent(console);
        try (CoordinatorClient client = self.connect(LEASE);
                JobWorker worker = client.worker(QUEUE, job -> run(client, job), CONCURRENCY)) {
            DemoProcess.say(console, WorkerReport.Kind.READY, "");
            parent.await();
            worker.close();
            running.arriveAndAwaitAdvance();
            return 0;
        } catch (CoordinatorException e) {
            DemoProcess.say(console, WorkerReport.Kind.FAILED, String.valueOf(e.getMessage()));
            return 1;
        }
    }

    private @Nullable Object run(CoordinatorClient client, JobContext job) throws IOException {
        running.register();
        try {
            self.directory().jobRuns().add(self.name(), job.id());
            work();
            complete(client, job);
        } finally {
            running.arriveAndDeregister();
        }
        return null;
    }

    /** Together with its effects. Not even an interrupt keeps it from hearing whether that was taken. */
    private void complete(CoordinatorClient client, JobContext job) {
        Map<String, Object> result = Map.of("worker", self.name(), "attempt", job.attempt());
        try {
            var unused = job.complete(result, JobEffects.of(client, job.id()));
        } catch (JobLeaseLostException e) {
            DemoProcess.say(console, WorkerReport.Kind.REFUSED, job.id());
        }
    }

    /** As much code, it does not stop when it is told to: only the cluster keeps it from completing then. */
    private void work() {
        long end = System.nanoTime() + Duration.ofMillis(jobMillis).toNanos();
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            var unused = Thread.interrupted();
        }
    }
}
