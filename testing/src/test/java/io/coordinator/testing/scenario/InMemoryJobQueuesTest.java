package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.BatchException;
import io.coordinator.client.error.JobCancelledException;
import io.coordinator.client.error.JobFailedException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.job.JobChange;
import io.coordinator.client.job.JobFilter;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobPage;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.JobSummary;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.NewJobSpec;
import io.coordinator.client.job.PermanentJobException;
import io.coordinator.client.job.PurgeKind;
import io.coordinator.client.job.QueueOptions;
import io.coordinator.client.job.QueueStatus;
import io.coordinator.client.job.QueueSummary;
import io.coordinator.client.job.WorkOptions;
import io.coordinator.client.option.RetryOptions;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.testing.InMemoryCluster;
import io.coordinator.testing.InMemoryClusterExtension;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Queues of jobs as users see them: submissions, order, limits, retries in cluster time, lists, watches. */
@Feature("B-26")
@ExtendWith(InMemoryClusterExtension.class)
class InMemoryJobQueuesTest {
    private static final SubmitOptions PLAIN = SubmitOptions.defaults();

    private final InMemoryCluster cluster;
    private final CoordinatorClient client;
    private final JobQueue mail;

    InMemoryJobQueuesTest(InMemoryCluster cluster, CoordinatorClient client) {
        this.cluster = cluster;
        this.client = client;
        this.mail = client.jobs("mail");
    }

    private JobState state(String id) {
        return mail.job(id).inspect().orElseThrow().state();
    }

    /** Does one job after the other, and tells in which order. */
    private List<String> work() {
        List<String> ids = new CopyOnWriteArrayList<>();
        client.worker(
                "mail",
                job -> {
                    ids.add(job.id());
                    return null;
                },
                1);
        return ids;
    }

    // ---- submission ----

    @Test
    void aJobIsSubmittedOnceUnderAnId() {
        SubmitOptions named = PLAIN.withId("welcome-7");
        JobHandle first = mail.submit("hello", named);
        JobHandle second = mail.submit("something else", named);

        assertThat(first.created()).isTrue();
        assertThat(second.created()).isFalse();
        assertThat(first.id()).isEqualTo("welcome-7");
        assertThat(first.queue()).isEqualTo("mail");
        assertThat(first.namespace()).isEqualTo(client.namespace());
        assertThat(second.inspect().orElseThrow().payload()).hasToString("\"hello\"");
        assertThat(mail.submit("unnamed").id())
                .isNotEqualTo(mail.submit("unnamed").id());
        assertThat(mail.job("none").inspect()).isEmpty();
    }

    @Test
    void jobsAreSubmittedTogetherOrNotAtAll() {
        List<JobHandle> jobs = mail.submitAll(List.of(NewJobSpec.of(1), new NewJobSpec(null, PLAIN.withId("two"))));
        assertThat(jobs).extracting(JobHandle::created).containsExactly(true, true);
        assertThat(jobs.get(1).id()).isEqualTo("two");
        assertThatThrownBy(() -> mail.submitAll(List.of(NewJobSpec.of(3), NewJobSpec.of(Double.NaN))))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> mail.submitAll(List.of())).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> mail.submitAll(Collections.nCopies(1_001, NewJobSpec.of(1))))
                .isInstanceOf(ValidationException.class);
        assertThat(mail.submitAll(Collections.nCopies(1_000, NewJobSpec.of(1)))).hasSize(1_000);
        assertThat(mail.inspect().orElseThrow().summary().waiting()).isEqualTo(1_002);
    }

    @Test
    void aTransactionSubmitsOrDoesNot() {
        client.transaction()
                .then(writes -> writes.put("k", 1).submit("mail", "x", PLAIN.withId("a")))
                .commit();
        assertThat(state("a")).isEqualTo(JobState.WAITING);
        assertThatThrownBy(() -> client.transaction()
                        .then(writes ->
                                writes.submit("mail", "x", PLAIN.withId("b")).edit("none", edits -> {}))
                        .commit())
                .isInstanceOf(BatchException.class);
        assertThat(mail.job("b").inspect()).isEmpty();
        assertThatThrownBy(() -> client.transaction().then(writes -> writes.submit("", "x")))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void aQueueThatIsFullRefusesAndSaysWhatToDo() {
        mail.configure(QueueOptions.defaults().withJobsMax(2));
        mail.submitAll(List.of(NewJobSpec.of(1), NewJobSpec.of(2)));
        assertThatThrownBy(() -> mail.submit(3))
                .isInstanceOf(ThrottledException.class)
                .hasMessageContaining("add workers");
    }

    @Test
    void theLargestPayloadIsTakenAndALargerOneRefused() {
        String largest = "x".repeat((1 << 20) - 2);
        JobHandle job = mail.submit(largest);
        client.jobs("mail").work(any -> any.payload(String.class));
        assertThat(job.await(String.class, Waiting.LONG)).isEqualTo(largest);
        assertThatThrownBy(() -> mail.submit(largest + "x")).isInstanceOf(PayloadTooLargeException.class);
        assertThatThrownBy(() -> client.jobs("n".repeat(1_025)).submit(1)).isInstanceOf(PayloadTooLargeException.class);
    }

    @Test
    void badArgumentsAreRefusedAndChangeNothing() {
        assertThatThrownBy(() -> client.jobs("")).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> client.jobs("a\0")).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> mail.job("\ud800")).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> PLAIN.withId("")).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> PLAIN.withKey("")).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> PLAIN.withAttemptTimeout(Duration.ZERO)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> mail.redrive(0)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> mail.purge(Set.of())).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> JobFilter.all().withLimit(0)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> JobFilter.in(JobState.OTHER)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> QueueOptions.defaults().withJobsMax(-1)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> RetryOptions.defaults().withAttemptsMax(0)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> RetryOptions.defaults().withFactorPercent(99)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> RetryOptions.defaults().withJitterPercent(101))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> WorkOptions.concurrency(0)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> mail.work(job -> null, WorkOptions.concurrency(10_001)))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> client.jobQueues().list("", "", 0)).isInstanceOf(ValidationException.class);
        assertThat(mail.inspect()).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway")
    void whatIsNullWhereSomethingIsNeededIsRefused() {
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> client.jobs(null),
                () -> mail.job(null),
                () -> mail.submit(1, null),
                () -> mail.submitAll(null),
                () -> mail.work(null),
                () -> mail.work(job -> null, null),
                () -> mail.watch(null),
                () -> mail.configure(null),
                () -> mail.list(null),
                () -> mail.purge(null),
                () -> mail.rerun(null),
                () -> mail.withTimeout(null),
                () -> mail.job("j").await((Duration) null),
                () -> mail.job("j").await((Class<String>) null),
                () -> PLAIN.withRetry(null),
                () -> PLAIN.withDelay(null),
                () -> new NewJobSpec(1, null),
                () -> WorkOptions.defaults().withExecutor(null))) {
            assertThatNullPointerException().isThrownBy(call);
        }
        assertThat(mail.inspect()).isEmpty();
    }

    // ---- order and time ----

    @Test
    void higherPrioritiesGoFirstAndDelayedJobsWhenTheyAreDue() {
        mail.submit(1, PLAIN.withId("low").withPriority(-1));
        mail.submit(1, PLAIN.withId("first"));
        mail.submit(1, PLAIN.withId("second"));
        mail.submit(1, PLAIN.withId("high").withPriority(5));
        mail.submit(1, PLAIN.withId("tomorrow").withDelay(Duration.ofDays(1)));
        mail.submit(1, PLAIN.withId("dated").withNotBefore(Instant.now().plusSeconds(3_600)));
        mail.submit(1, PLAIN.withId("past").withNotBefore(Instant.EPOCH));

        List<String> ids = work();

        Waiting.await("all that are due").until(() -> ids.size() == 5);
        assertThat(ids).containsExactly("high", "first", "second", "past", "low");
        assertThat(state("tomorrow")).isEqualTo(JobState.DELAYED);
        cluster.advance(Duration.ofHours(1));
        Waiting.await("the dated one").until(() -> ids.contains("dated"));
        assertThat(state("tomorrow")).isEqualTo(JobState.DELAYED);
        cluster.advance(Duration.ofHours(23));
        Waiting.await("the last one").until(() -> ids.contains("tomorrow"));
    }

    @Test
    void jobsOfOneKeyRunOneAtATimeInOrderAlsoOverRetries() {
        List<String> runs = new CopyOnWriteArrayList<>();
        RetryOptions minute = RetryOptions.defaults()
                .withBackoff(Duration.ofMinutes(1), Duration.ofMinutes(1))
                .withJitterPercent(0);
        for (int i = 1; i <= 3; i++) {
            mail.submit(i, PLAIN.withKey("ada").withRetry(minute));
        }
        mail.submit(4, PLAIN.withKey("bob"));
        client.worker(
                "mail",
                job -> {
                    runs.add(job.payload() + "." + job.attempt());
                    if (job.payload().asInt() == 1 && job.attempt() == 1) {
                        throw new IllegalStateException("once");
                    }
                    return null;
                },
                8);
        Waiting.await("the first attempts").until(() -> runs.containsAll(List.of("1.1", "4.1")));
        cluster.advance(Duration.ofSeconds(59));
        assertThat(runs).hasSize(2);
        cluster.advance(Duration.ofSeconds(1));
        Waiting.await("the others").until(() -> runs.size() == 5);
        assertThat(runs.stream().filter(run -> !run.startsWith("4"))).containsExactly("1.1", "1.2", "2.1", "3.1");
    }

    @Test
    void aQueueRunsSoManyAtATime() throws InterruptedException {
        mail.configure(QueueOptions.defaults().withConcurrencyMax(2));
        CountDownLatch go = new CountDownLatch(1);
        List<String> running = new CopyOnWriteArrayList<>();
        client.worker(
                "mail",
                job -> {
                    running.add(job.id());
                    go.await();
                    return null;
                },
                8);
        List<JobHandle> jobs =
                mail.submitAll(IntStream.range(0, 5).mapToObj(NewJobSpec::of).toList());
        Waiting.await("two").until(() -> running.size() == 2);
        QueueSummary summary = mail.inspect().orElseThrow().summary();
        assertThat(summary.running()).isEqualTo(2);
        assertThat(summary.waiting()).isEqualTo(3);
        go.countDown();
        jobs.forEach(job -> job.await(Waiting.LONG));
        assertThat(running).hasSize(5);
    }

    // ---- what operators do ----

    @Test
    void aPausedQueueGivesNothingUntilItIsResumed() {
        mail.pause();
        List<String> ids = work();
        JobHandle job = mail.submit("x");
        assertThat(mail.inspect().orElseThrow().summary().paused()).isTrue();
        assertThat(job.inspect().orElseThrow().state()).isEqualTo(JobState.WAITING);
        assertThat(ids).isEmpty();
        mail.resume();
        job.await(Waiting.LONG);
        assertThat(mail.inspect().orElseThrow().options()).isEqualTo(QueueOptions.defaults());
    }

    @Test
    void optionsComeBackAsTheyWereGiven() {
        QueueOptions options = QueueOptions.defaults()
                .withConcurrencyMax(7)
                .withKeyConcurrencyMax(2)
                .withRetry(RetryOptions.never()
                        .withBackoff(Duration.ofSeconds(2), Duration.ofSeconds(3))
                        .withFactorPercent(150)
                        .withJitterPercent(0))
                .withRetention(Duration.ofMinutes(5), 10)
                .withJobsMax(1_000)
                .withAttemptTimeout(Duration.ofSeconds(30))
                .withPaused(true);
        assertThat(mail.configure(options)).isTrue();
        assertThat(mail.configure(options)).isFalse();
        try (JobWorker worker = mail.work(job -> null, WorkOptions.concurrency(3))) {
            QueueStatus status = mail.inspect().orElseThrow();
            assertThat(status.options()).isEqualTo(options);
            assertThat(status.workers()).singleElement().satisfies(member -> {
                assertThat(member.sessionId()).isEqualTo(client.sessionId());
                assertThat(member.concurrency()).isEqualTo(3);
            });
            assertThat(worker.queue()).isEqualTo("mail");
            assertThat(worker.namespace()).isEqualTo(client.namespace());
        }
    }

    @Test
    void deadJobsAreRedrivenAndFinishedOnesRerun() {
        List<String> tried = new CopyOnWriteArrayList<>();
        boolean[] works = {false};
        client.worker(
                "mail",
                job -> {
                    tried.add(job.id());
                    if (!works[0]) {
                        throw new PermanentJobException("not yet");
                    }
                    return job.attempt();
                },
                1);
        List<JobHandle> jobs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            jobs.add(mail.submit(i, PLAIN.withId("j" + i)));
        }
        jobs.forEach(job -> assertThatThrownBy(() -> job.await(Waiting.LONG)).isInstanceOf(JobFailedException.class));
        assertThat(mail.list(JobFilter.in(JobState.DEAD)).jobs())
                .extracting(JobSummary::id)
                .containsExactly("j0", "j1", "j2");
        works[0] = true;

        assertThat(mail.redrive(1)).isEqualTo(1);
        assertThat(jobs.get(0).await(Integer.class, Waiting.LONG)).isEqualTo(1);
        assertThat(state("j1")).isEqualTo(JobState.DEAD);
        assertThat(mail.redrive()).isEqualTo(2);
        jobs.forEach(job -> assertThat(job.await(Integer.class, Waiting.LONG)).isEqualTo(1));
        assertThat(mail.redrive()).isZero();
        assertThat(mail.rerun("j0")).isTrue();
        assertThat(mail.rerun("none")).isFalse();
        Waiting.await("again").until(() -> tried.stream().filter("j0"::equals).count() == 3);
    }

    @Test
    void listsGoOnBehindTheLastOne() {
        for (int i = 0; i < 5; i++) {
            mail.submit(i, PLAIN.withId("j" + i));
        }
        JobPage page = mail.list(JobFilter.all().withLimit(3));
        assertThat(page.more()).isTrue();
        assertThat(page.jobs()).extracting(JobSummary::id).containsExactly("j0", "j1", "j2");
        JobPage last = mail.list(JobFilter.in(JobState.WAITING).after("j2"));
        assertThat(last.more()).isFalse();
        assertThat(last.jobs()).extracting(JobSummary::id).containsExactly("j3", "j4");
        client.jobs("other").submit(1);
        client.namespace("elsewhere").jobs("mail").submit(1);
        assertThat(client.jobQueues().list()).extracting(QueueSummary::name).containsExactly("mail", "other");
        assertThat(client.jobQueues().list("", "mail", 10))
                .extracting(QueueSummary::name)
                .containsExactly("other");
        assertThat(client.jobQueues().list("m", "", 10)).hasSize(1);
        assertThat(mail.withTimeout(Duration.ofSeconds(5)).list(JobFilter.all()).jobs())
                .hasSize(5);
    }

    @Test
    void purgedCancelledAndDeletedJobsAreToldToWhoeverAwaitsThem() {
        JobHandle purged = mail.submit(1, PLAIN.withId("purged"));
        var awaited = client.async().jobs("mail").job("purged").await().toCompletableFuture();
        Waiting.await("the await").until(() -> client.stats().count("jobAwaits") == 1);
        assertThat(mail.purge(EnumSet.allOf(PurgeKind.class))).isEqualTo(1);
        assertThatThrownBy(() -> Waiting.get(awaited)).isInstanceOf(JobCancelledException.class);
        assertThat(purged.inspect()).isEmpty();

        JobHandle cancelled = mail.submit(1, PLAIN.withDelay(Duration.ofHours(1)));
        assertThat(cancelled.cancel()).isTrue();
        assertThat(cancelled.cancel()).isFalse();
        assertThatThrownBy(() -> cancelled.await(Waiting.LONG)).isInstanceOf(JobCancelledException.class);

        assertThat(mail.delete()).isTrue();
        assertThat(mail.delete()).isFalse();
        assertThat(mail.inspect()).isEmpty();
        assertThatThrownBy(cancelled::await).isInstanceOf(KeyNotFoundException.class);
    }

    @Test
    void finishedJobsAreForgottenInTime() {
        mail.configure(QueueOptions.defaults().withRetention(Duration.ofMinutes(1), 0));
        work();
        JobHandle job = mail.submit(1, PLAIN.withId("j"));
        job.await(Waiting.LONG);
        cluster.advance(Duration.ofSeconds(59));
        assertThat(mail.submit(1, PLAIN.withId("j")).created()).isFalse();
        cluster.advance(Duration.ofSeconds(2));
        assertThat(job.inspect()).isEmpty();
        assertThat(mail.submit(1, PLAIN.withId("j")).created()).isTrue();
    }

    // ---- watches ----

    @Test
    void aWatchTellsEveryChangeOfState() {
        List<JobChange> changes = new CopyOnWriteArrayList<>();
        try (Subscription watch = mail.watch(changes::add)) {
            Waiting.get(watch.started());
            client.jobs("other").submit(1);
            client.worker(
                    "mail",
                    job -> {
                        if (job.attempt() == 1) {
                            throw new IllegalStateException("once");
                        }
                        job.progress("half");
                        Waiting.await("the report")
                                .until(() -> changes.stream()
                                        .anyMatch(change -> change.progress().isPresent()));
                        return null;
                    },
                    1);
            mail.submit(
                    1,
                    PLAIN.withId("j")
                            .withRetry(
                                    RetryOptions.defaults().withBackoff(Duration.ofMinutes(1), Duration.ofMinutes(1))));
            Waiting.await("the failure").until(() -> changes.size() == 3);
            cluster.advance(Duration.ofMinutes(1));
            Waiting.await("the end")
                    .until(() -> changes.stream().anyMatch(change -> change.state() == JobState.SUCCEEDED));
        }
        assertThat(changes).extracting(JobChange::id).containsOnly("j");
        List<JobChange> states = changes.stream()
                .filter(change -> change.kind() != ChangeEvent.Kind.PROGRESS)
                .toList();
        assertThat(states)
                .extracting(JobChange::kind)
                .containsExactly(
                        ChangeEvent.Kind.SUBMITTED,
                        ChangeEvent.Kind.STARTED,
                        ChangeEvent.Kind.FAILED,
                        ChangeEvent.Kind.STARTED,
                        ChangeEvent.Kind.COMPLETED);
        assertThat(states)
                .extracting(JobChange::state)
                .containsExactly(
                        JobState.WAITING, JobState.RUNNING, JobState.DELAYED, JobState.RUNNING, JobState.SUCCEEDED);
        assertThat(states).extracting(JobChange::attempt).containsExactly(0, 1, 1, 2, 2);
        assertThat(changes.stream().filter(change -> change.progress().isPresent()))
                .singleElement()
                .satisfies(change -> assertThat(change.progress().orElseThrow()).hasToString("\"half\""));
    }

    // ---- sessions ----

    @Test
    void aLostSessionIsAnAttemptAndTheNextOneFollowsAtOnce() {
        CoordinatorClient other = cluster.connect();
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        other.worker(
                "mail",
                job -> {
                    begun.countDown();
                    never.await();
                    return null;
                },
                1);
        JobHandle job = mail.submit("x");
        Waiting.await("it runs").until(() -> begun.getCount() == 0);
        client.jobs("mail").work(again -> again.attempt());

        other.close();

        assertThat(job.await(Integer.class, Waiting.LONG)).isEqualTo(2);
        assertThat(mail.inspect().orElseThrow().summary().attemptsLost()).isEqualTo(1);
    }
}
