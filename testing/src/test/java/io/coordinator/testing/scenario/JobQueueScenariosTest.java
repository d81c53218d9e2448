package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.JobLeaseLostException;
import io.coordinator.client.job.JobContext;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobHandler;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.NewJobSpec;
import io.coordinator.client.job.WorkOptions;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.client.topic.StartAt;
import io.coordinator.testing.ClientLinks;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Jobs, with workers that are cut off and leaders that are killed. */
@Feature("B-26")
@CoordinatorCluster
class JobQueueScenariosTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LONG_LEASE = Duration.ofSeconds(60);
    private static final Duration SHORT_LEASE = Duration.ofSeconds(2);

    /** Runs until it is let go, whatever it is told. */
    private static final class Stubborn implements JobHandler {
        final Queue<JobContext> begun = new ConcurrentLinkedQueue<>();
        final CountDownLatch go = new CountDownLatch(1);

        @Override
        public Object run(JobContext context) {
            begun.add(context);
            while (go.getCount() > 0) {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    // That is what it is: it hangs.
                }
            }
            return context.payload();
        }

        JobContext awaitBegun() {
            Waiting.await("it runs").until(() -> !begun.isEmpty());
            return begun.element();
        }
    }

    @Test
    void aJobIsCompletedThroughANewLeader(Cluster cluster) {
        CoordinatorClient worker = cluster.client(settings -> settings.sessionLease(LONG_LEASE));
        CoordinatorClient submitter = cluster.client(settings -> settings.sessionLease(LONG_LEASE));
        Stubborn held = new Stubborn();
        JobWorker working = worker.jobs("leader").work(held);
        JobHandle job =
                submitter.jobs("leader").submit(7, SubmitOptions.defaults().withId("seven"));
        held.awaitBegun();

        String leader = cluster.awaitLeader();
        cluster.kill(leader);
        held.go.countDown();
        cluster.awaitLeaderOtherThan(leader);

        assertThat(job.await(Integer.class, PATIENCE)).isEqualTo(7);
        assertThat(submitter
                        .jobs("leader")
                        .submit(7, SubmitOptions.defaults().withId("seven"))
                        .created())
                .isFalse();
        assertThat(submitter.jobs("leader").submit(8).await(Integer.class, PATIENCE))
                .isEqualTo(8);
        assertThat(held.begun).hasSize(2);
        assertThat(working.state()).isEqualTo(JobWorker.State.ACTIVE);
        assertThat(job.inspect().orElseThrow().attempts()).hasSize(1);
        cluster.awaitEqualDigests();
    }

    @Test
    void aWorkerThatIsCutOffCompletesNothingAndTheNextGoesOnAtItsStep(Cluster cluster, CoordinatorClient submitter) {
        ClientLinks links = cluster.clientLinks("jobs");
        CoordinatorClient first = cluster.client(links, settings -> settings.sessionLease(SHORT_LEASE));
        Queue<String> done = new ConcurrentLinkedQueue<>();
        Queue<Throwable> refused = new ConcurrentLinkedQueue<>();
        CountDownLatch stepped = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        first.jobs("cut").work(job -> {
            job.step("charge", String.class, key -> {
                done.add("charge by the first");
                return "receipt 1";
            });
            stepped.countDown();
            awaitWhatever(go);
            try {
                job.complete("first", first.transaction().then(writes -> writes.increment("sold", 1)));
            } catch (JobLeaseLostException e) {
                refused.add(e);
            }
            return null;
        });
        JobHandle job = submitter.jobs("cut").submit("book");
        Waiting.await("the first has done its step").until(() -> stepped.getCount() == 0);
        CoordinatorClient second = cluster.client();
        second.jobs("cut").work(again -> {
            String receipt = again.step("charge", String.class, key -> {
                done.add("charge by the second");
                return "receipt 2";
            });
            again.complete(
                    List.of(again.attempt(), String.valueOf(receipt)),
                    second.transaction().then(writes -> writes.increment("sold", 1)));
            return null;
        });

        links.isolate();

        assertThat(job.await(PATIENCE)).hasToString("[2,\"receipt 1\"]");
        go.countDown();
        links.heal();
        Waiting.await("the first hears that it is late").until(() -> refused.size() == 1);
        assertThat(done).containsExactly("charge by the first");
        assertThat(submitter.cache().get("sold").orElseThrow().as(Integer.class))
                .isEqualTo(1);
        assertThat(job.inspect().orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
    }

    private static void awaitWhatever(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // It hangs.
            }
        }
    }

    @Test
    void completionsAndTheirWritesAreDoneOnceWhileLeadersChange(Cluster cluster) {
        CoordinatorClient submitter = cluster.client(settings -> settings.sessionLease(LONG_LEASE));
        List<CoordinatorClient> hosts = IntStream.range(0, 3)
                .mapToObj(i -> cluster.client(settings -> settings.sessionLease(LONG_LEASE)))
                .toList();
        hosts.forEach(host -> host.jobs("sales")
                .work(
                        job -> {
                            job.complete(
                                    job.payload(),
                                    host.transaction()
                                            .then(writes -> writes.increment(
                                                            "total",
                                                            job.payload().asInt())
                                                    .publish("sales", job.id())));
                            return null;
                        },
                        WorkOptions.concurrency(4)));
        int count = 200;
        List<JobHandle> jobs = submitter
                .jobs("sales")
                .submitAll(
                        IntStream.rangeClosed(1, count).mapToObj(NewJobSpec::of).toList());

        String leader = cluster.awaitLeader();
        cluster.kill(leader);
        cluster.awaitLeaderOtherThan(leader);

        for (int i = 0; i < count; i++) {
            assertThat(jobs.get(i).await(Integer.class, PATIENCE)).isEqualTo(i + 1);
        }
        assertThat(submitter.cache().get("total").orElseThrow().as(Integer.class))
                .isEqualTo(count * (count + 1) / 2);
        assertThat(submitter
                        .durableTopics()
                        .topic("sales")
                        .read(StartAt.earliest(), 1_000)
                        .records())
                .hasSize(count);
        assertThat(submitter.jobs("sales").inspect().orElseThrow().summary().succeeded())
                .isEqualTo(count);
        cluster.awaitEqualDigests();
    }

    @Test
    void aClosedWorkerLeavesItsJobsToOthers(Cluster cluster, CoordinatorClient submitter) {
        CoordinatorClient leaving = cluster.client();
        Stubborn held = new Stubborn();
        leaving.jobs("rolling").work(held, WorkOptions.concurrency(2));
        List<JobHandle> jobs =
                submitter.jobs("rolling").submitAll(List.of(NewJobSpec.of(1), NewJobSpec.of(2), NewJobSpec.of(3)));
        Waiting.await("both run").until(() -> held.begun.size() == 2);

        leaving.close();
        cluster.client().jobs("rolling").work(job -> job.attempt());

        assertThat(jobs.get(2).await(Integer.class, PATIENCE)).isEqualTo(1);
        assertThat(jobs.get(0).await(Integer.class, PATIENCE)).isEqualTo(2);
        assertThat(jobs.get(1).await(Integer.class, PATIENCE)).isEqualTo(2);
        JobContext late = held.begun.element();
        assertThat(late.isCancelled()).isTrue();
        assertThatThrownBy(() -> late.complete("late")).isInstanceOf(ClosedException.class);
        held.go.countDown();
    }
}
