package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.WorkOptions;
import io.coordinator.protocol.Command;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What becomes of jobs that no handler has begun when their worker is closed. */
@Feature("B-26")
class JobClosingTest extends ClientFixture {
    private long handedBack() {
        return cluster.applied().stream()
                .filter(Command::hasJob)
                .filter(command -> command.getJob().getComplete().getHandedBack())
                .count();
    }

    private static JobState state(JobHandle job) {
        return job.inspect().orElseThrow().state();
    }

    /** Each was once given again to the worker that was about to leave. */
    @Test
    void eachIsHandedBackOnce() throws Exception {
        CoordinatorClient client = connect();
        ExecutorService one = Executors.newSingleThreadExecutor();
        CountDownLatch go = new CountDownLatch(1);
        try {
            JobWorker worker = client.jobs("q")
                    .work(
                            job -> {
                                go.await();
                                return "done";
                            },
                            WorkOptions.concurrency(3).withExecutor(one).withDrainTimeout(Duration.ofMinutes(1)));
            JobHandle begun = client.jobs("q").submit(1);
            JobHandle second = client.jobs("q").submit(2);
            JobHandle third = client.jobs("q").submit(3);
            soon().until(() -> worker.running() == 3);

            CompletionStage<Void> closed = worker.closeAsync();

            soon().until(() -> worker.running() == 1);
            go.countDown();
            assertThat(begun.await(String.class, Duration.ofMinutes(1))).isEqualTo("done");
            closed.toCompletableFuture().get();
            soon().until(() -> state(second) == JobState.WAITING && state(third) == JobState.WAITING);
            assertThat(handedBack()).isEqualTo(2);
        } finally {
            one.shutdownNow();
        }
    }
}
