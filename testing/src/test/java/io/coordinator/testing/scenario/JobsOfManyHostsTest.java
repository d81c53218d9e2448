package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.JobCancelledException;
import io.coordinator.client.job.JobAttempt;
import io.coordinator.client.job.JobAttempt.Outcome;
import io.coordinator.client.job.JobChange;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.JobStatus;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.option.RetryOptions;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.client.watch.Subscription;
import io.coordinator.testing.InMemoryCluster;
import io.coordinator.testing.InMemoryClusterExtension;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A job that one host has submitted and another one does, as a third one sees and steers it. */
@Feature("B-26")
@ExtendWith(InMemoryClusterExtension.class)
class JobsOfManyHostsTest {
    private static final SubmitOptions NAMED = SubmitOptions.defaults()
            .withId("j")
            .withRetry(RetryOptions.defaults().withBackoff(Duration.ofMillis(1), Duration.ofMillis(1)));

    private final InMemoryCluster cluster;
    private final CoordinatorClient submitter;
    private final CoordinatorClient host;
    private final JobHandle elsewhere;

    JobsOfManyHostsTest(InMemoryCluster cluster) {
        this.cluster = cluster;
        submitter = cluster.connect(settings -> settings.clientName("submitter"));
        host = cluster.connect(settings -> settings.clientName("host-1"));
        elsewhere = cluster.connect().jobs("q").job("j");
    }

    @Test
    void itsProgressAndResultAreSeenByAnybodyWhoKnowsItsId() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        List<JobChange> reports = new CopyOnWriteArrayList<>();
        try (Subscription watch = cluster.connect().jobs("q").watch(change -> {
            if (change.progress().isPresent()) {
                reports.add(change);
            }
        })) {
            Waiting.get(watch.started());
            host.worker(
                    "q",
                    job -> {
                        job.progress(Map.of("percent", 50));
                        go.await();
                        return job.submitter();
                    },
                    1);
            submitter.jobs("q").submit("x", NAMED);

            Waiting.await("the report").until(() -> reports.size() == 1);
            JobStatus status = elsewhere.inspect().orElseThrow();
            assertThat(status.progress().orElseThrow()).hasToString("{\"percent\":50}");
            assertThat(status.state()).isEqualTo(JobState.RUNNING);
            assertThat(status.summary().worker()).isEqualTo("host-1");
        }
        submitter.close(); // Whoever awaits does not need it any more.
        CompletableFuture<String> result = CompletableFuture.supplyAsync(() -> elsewhere.await(String.class));
        go.countDown();
        assertThat(Waiting.get(result)).isEqualTo("submitter");
    }

    @Test
    void itIsCancelledFromAnywhere() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        List<String> seen = new CopyOnWriteArrayList<>();
        host.worker(
                "q",
                job -> {
                    job.onCancel(told::countDown);
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        seen.add("interrupted, cancelled " + job.isCancelled());
                    }
                    return "what nobody takes";
                },
                1);
        submitter.jobs("q").submit("x", NAMED);
        Waiting.await("it runs").until(() -> begun.getCount() == 0);

        assertThat(elsewhere.cancel()).isTrue();

        assertThatThrownBy(() -> elsewhere.await(Waiting.LONG)).isInstanceOf(JobCancelledException.class);
        Waiting.await("the worker's own action").until(() -> told.getCount() == 0);
        assertThat(seen).containsExactly("interrupted, cancelled true");
        assertThat(elsewhere.inspect().orElseThrow().attempts())
                .extracting(JobAttempt::outcome)
                .containsExactly(Outcome.CANCELED);
        assertThat(elsewhere.cancel()).isFalse();
    }

    @Test
    void itsTimeIsKnownToItsHandler() {
        List<Duration> left = new CopyOnWriteArrayList<>();
        host.worker(
                "q",
                job -> {
                    left.add(job.remaining().orElseThrow());
                    return null;
                },
                1);
        submitter
                .jobs("q")
                .submit("x", NAMED.withAttemptTimeout(Duration.ofMinutes(2)))
                .await(Waiting.LONG);
        assertThat(left)
                .singleElement()
                .satisfies(time -> assertThat(time).isPositive().isLessThanOrEqualTo(Duration.ofMinutes(2)));
    }

    @Test
    @Feature({"B-26", "U-08"})
    void itsHistoryTellsPeopleWhoTriedItWhenAndWhatCameOfIt() {
        Instant before = Instant.now().minusSeconds(1);
        CountDownLatch never = new CountDownLatch(1);
        JobWorker failing = host.worker(
                "q",
                job -> {
                    throw new IllegalStateException("no paper");
                },
                1);
        CoordinatorClient lost = cluster.connect(settings -> settings.clientName("host-2"));
        submitter
                .jobs("q")
                .submit(
                        "x",
                        NAMED.withRetry(
                                RetryOptions.defaults().withBackoff(Duration.ofMinutes(1), Duration.ofMinutes(1))));
        Waiting.await("the failure").until(() -> attempts().size() == 1 && state() == JobState.DELAYED);
        failing.close();
        lost.worker(
                "q",
                job -> {
                    never.await();
                    return null;
                },
                1);
        cluster.advance(Duration.ofMinutes(1));
        Waiting.await("the second attempt").until(() -> state() == JobState.RUNNING);
        lost.close();
        CoordinatorClient last = cluster.connect(settings -> settings.clientName(ClientConfig.processName()));
        last.worker("q", job -> job.attempt(), 1);
        assertThat(elsewhere.await(Integer.class, Waiting.LONG)).isEqualTo(3);

        List<JobAttempt> attempts = attempts();
        assertThat(attempts).extracting(JobAttempt::number).containsExactly(1, 2, 3);
        assertThat(attempts)
                .extracting(JobAttempt::outcome)
                .containsExactly(Outcome.FAILED, Outcome.LOST, Outcome.SUCCEEDED);
        assertThat(attempts.get(0).failure().orElseThrow().message()).isEqualTo("no paper");
        assertThat(attempts.get(0).failure().orElseThrow().type()).isEqualTo(IllegalStateException.class.getName());
        assertThat(attempts).extracting(JobAttempt::worker).startsWith("host-1", "host-2");
        assertThat(attempts.get(2).worker())
                .as("user@host:pid, the name of a client that gets no other")
                .matches(".+@.+:\\d+");
        Instant after = Instant.now().plusSeconds(1);
        assertThat(attempts).allSatisfy(attempt -> {
            assertThat(attempt.startedAt()).isBetween(before, after);
            assertThat(attempt.endedAt().orElseThrow()).isBetween(attempt.startedAt(), after);
        });
        assertThat(elsewhere.inspect().orElseThrow().summary().submitter()).isEqualTo("submitter");
    }

    private JobState state() {
        return elsewhere.inspect().orElseThrow().state();
    }

    private List<JobAttempt> attempts() {
        return elsewhere.inspect().orElseThrow().attempts();
    }
}
