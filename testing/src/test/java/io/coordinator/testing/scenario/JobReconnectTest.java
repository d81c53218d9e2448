package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.AsyncJobHandle;
import io.coordinator.client.job.JobAttempt;
import io.coordinator.client.job.QueueSummary;
import io.coordinator.testing.ClientLinks;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Clients of jobs that cannot hear for a while, though their sessions live. */
@CoordinatorCluster(nodes = 1)
@Feature({"B-26", "G-4"})
class JobReconnectTest {
    private static final int JOBS = 50;
    private static final Duration LONG_LEASE = Duration.ofMinutes(1);

    private static QueueSummary queue(CoordinatorClient client, String name) {
        return client.jobs(name).inspect().orElseThrow().summary();
    }

    private static CoordinatorClient away(Cluster cluster, ClientLinks links) {
        return cluster.client(links, settings -> settings.sessionLease(LONG_LEASE));
    }

    @Test
    void whoComesBackHearsOfAllEndsMeanwhile(Cluster cluster, CoordinatorClient other) {
        ClientLinks links = cluster.clientLinks("submitter");
        CoordinatorClient away = away(cluster, links);
        List<CompletableFuture<String>> ends = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            AsyncJobHandle job = Waiting.get(away.async().jobs("ends").submit(i));
            ends.add(job.await(String.class).toCompletableFuture());
        }
        Waiting.await("all awaits to be there").until(() -> other.stats().count("jobAwaits") == JOBS);
        links.isolate();
        other.worker("ends", job -> "did " + job.payload(), 4);
        Waiting.await("all jobs to be done").until(() -> queue(other, "ends").finished() == JOBS);
        assertThat(ends).noneMatch(CompletableFuture::isDone);

        links.heal();
        for (int i = 0; i < JOBS; i++) {
            assertThat(Waiting.get(ends.get(i))).isEqualTo("did " + i);
        }
        Waiting.await("awaits to be forgotten").until(() -> other.stats().count("jobAwaits") == 0);
    }

    /** What it was given while it was away it does then, in the first attempt, and nobody else does. */
    @Test
    void aWorkerThatComesBackDoesWhatItWasGivenMeanwhile(Cluster cluster, CoordinatorClient other) {
        ClientLinks links = cluster.clientLinks("worker");
        CoordinatorClient away = away(cluster, links);
        Queue<String> done = new ConcurrentLinkedQueue<>();
        away.worker(
                "given",
                job -> {
                    done.add(job.id());
                    return null;
                },
                JOBS);
        Waiting.await("the worker to be there")
                .until(() -> other.jobs("given")
                        .inspect()
                        .filter(status -> status.summary().workers() == 1)
                        .isPresent());
        links.isolate();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            ids.add(other.jobs("given").submit(i).id());
        }
        assertThat(queue(other, "given").running()).isEqualTo(JOBS);
        assertThat(done).isEmpty();

        links.heal();
        Waiting.await("all jobs to be done").until(() -> queue(other, "given").finished() == JOBS);
        assertThat(done).containsExactlyInAnyOrderElementsOf(ids);
        List<JobAttempt> attempts =
                other.jobs("given").job(ids.get(0)).inspect().orElseThrow().attempts();
        assertThat(attempts).hasSize(1);
        assertThat(queue(other, "given").attemptsLost()).isZero();
    }
}
