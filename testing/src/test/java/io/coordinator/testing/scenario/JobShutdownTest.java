package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.JobAttempt;
import io.coordinator.client.job.JobAttempt.Outcome;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.QueueSummary;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.process.JavaProcess;
import io.coordinator.testing.process.Launch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is told to end by SIGTERM while it does jobs: nothing is lost, and nothing counts against a job. */
@Feature("B-26")
@CoordinatorCluster(nodes = 1)
class JobShutdownTest {
    /** What the JVM exits with after SIGTERM. */
    private static final int TERMINATED = 128 + 15;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @AfterEach
    void forget(CoordinatorClient client) {
        client.jobs("drained").delete();
    }

    private JavaProcess program(Cluster cluster, Duration drainTimeout) {
        return JavaProcess.start(
                "draining",
                directory.resolve("draining.log"),
                Launch.DEFAULT,
                DrainingProgram.class,
                List.of(cluster.endpoints(), Long.toString(drainTimeout.toMillis())));
    }

    private static void awaitRunning(JavaProcess program, CoordinatorClient client, int jobs) {
        Waiting.await("its hook and its jobs")
                .until(() -> program.tail(1).equals(DrainingProgram.READY)
                        && summary(client).running() == jobs);
    }

    /** SIGTERM alone: what a {@link Process} sends comes with the end of the input, which ends such a program at once. */
    private static int terminate(JavaProcess program) {
        assertThat(ProcessHandle.of(program.pid()).orElseThrow().destroy()).isTrue();
        return program.awaitExit();
    }

    private static QueueSummary summary(CoordinatorClient client) {
        return client.jobs("drained").inspect().orElseThrow().summary();
    }

    @Test
    void whatRunsIsFinishedAndTheRestIsLeftToOthers(Cluster cluster, CoordinatorClient client) {
        List<JobHandle> jobs = List.of(
                client.jobs("drained").submit(6_000),
                client.jobs("drained").submit(6_000),
                client.jobs("drained").submit(6_000));
        try (JavaProcess program = program(cluster, Duration.ofSeconds(15))) {
            awaitRunning(program, client, 2);
            assertThat(terminate(program)).isEqualTo(TERMINATED);
        }
        assertThat(jobs.get(0).await(String.class, PATIENCE)).isEqualTo("by the program");
        assertThat(jobs.get(1).await(String.class, PATIENCE)).isEqualTo("by the program");
        assertThat(jobs.get(2).inspect().orElseThrow().state()).isEqualTo(JobState.WAITING);
        assertThat(summary(client).attemptsLost()).isZero();
        assertThat(summary(client).workers()).isZero();
    }

    @Test
    void whatTakesTooLongIsHandedBackAtOnceAndNotCounted(Cluster cluster, CoordinatorClient client) {
        JobHandle job = client.jobs("drained").submit(600_000);
        try (JavaProcess program = program(cluster, Duration.ofMillis(200))) {
            awaitRunning(program, client, 1);
            assertThat(terminate(program)).isEqualTo(TERMINATED);
        }
        client.worker("drained", again -> "attempt " + again.attempt(), 1);
        String result = job.await(String.class, PATIENCE);
        assertThat(job.inspect().orElseThrow().attempts())
                .extracting(JobAttempt::outcome)
                .containsExactly(Outcome.HANDED_BACK, Outcome.SUCCEEDED);
        assertThat(result).isEqualTo("attempt 1");
        assertThat(summary(client).attemptsLost()).isZero();
    }
}
