package io.coordinator.testing.scenario;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.WorkOptions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A program that does jobs until it is told to end, as docs/jobs.md shows it. A job takes as long as it says. */
public final class DrainingProgram {
    /** What it prints when it may be told to end: its hook is there. */
    static final String READY = "ready";

    private DrainingProgram() {}

    /**
     * Runs it.
     *
     * @param arguments endpoints, and how many milliseconds it waits for handlers in the end
     */
    public static void main(String[] arguments) throws InterruptedException {
        CoordinatorClient client = CoordinatorClient.connect(ClientConfig.builder()
                .endpoints(arguments[0])
                .clientName("draining")
                .build());
        WorkOptions options =
                WorkOptions.concurrency(2).withDrainTimeout(Duration.ofMillis(Long.parseLong(arguments[1])));
        JobWorker worker = client.jobs("drained")
                .work(
                        job -> {
                            TimeUnit.MILLISECONDS.sleep(job.payload().asLong());
                            return "by the program";
                        },
                        options);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            worker.close();
            client.close();
        }));
        System.out.println(READY);
        new CountDownLatch(1).await();
    }
}
