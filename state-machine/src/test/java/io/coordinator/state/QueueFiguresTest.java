package io.coordinator.state;

import static io.coordinator.protocol.DataKind.JOB;
import static io.coordinator.state.kernel.Span.RUN;
import static io.coordinator.state.kernel.Span.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.CompleteJob;
import io.coordinator.protocol.ConfigureQueue;
import io.coordinator.protocol.DeleteQueue;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.GetStats;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.PurgeQueue;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.QueueSummary;
import io.coordinator.protocol.SessionQuery;
import io.coordinator.protocol.Stats;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Ranking;
import io.coordinator.state.kernel.Took;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What operators are told of queues. A second replica, restored before each entry, answers alike. */
@Feature({"B-26", "PM-STAT-1", "PM-STAT-2"})
class QueueFiguresTest extends JobScript {
    private static final Name Q = Name.of(Actor.NAMESPACE, QUEUE);

    /** As both replicas say. */
    private Stats told() {
        return query(Query.newBuilder().setSession(SessionQuery.newBuilder().setStats(GetStats.getDefaultInstance())))
                .getSession()
                .getStats();
    }

    /** Of all queues: delayed, retrying, waiting, running, dead. */
    private void jobs(long delayed, long retrying, long waiting, long running, long dead) {
        Stats stats = told();
        assertThat(List.of(
                        count(stats, "jobsDelayed"),
                        count(stats, "jobsRetrying"),
                        count(stats, "jobsWaiting"),
                        count(stats, "jobsRunning"),
                        count(stats, "jobsDead")))
                .containsExactly(delayed, retrying, waiting, running, dead);
        assertThat(List.of(
                        queue().getDelayed(),
                        queue().getRetrying(),
                        queue().getWaiting(),
                        queue().getRunning(),
                        queue().getDead()))
                .containsExactly(delayed, retrying, waiting, running, dead);
    }

    private void oldest(long millis) {
        assertThat(queue().getOldestWaitMillis()).isEqualTo(millis);
        assertThat(told().getQueues(0).getOldestWaitMillis()).isEqualTo(millis);
    }

    // ---- how many there are ----

    @Test
    void eachJobIsCountedWhereItIs() {
        configure("a", retrying(2, 100));
        submit("a", newJob("late").setDelayMillis(50));
        jobs(1, 0, 0, 0, 0);
        submit("a", "x");
        jobs(1, 0, 1, 0, 0);
        join("w", 1);
        jobs(1, 0, 0, 1, 0);
        fail("w", givenOne("w", "x"));
        jobs(2, 1, 0, 0, 0);
        at(50).tick();
        jobs(1, 1, 0, 1, 0);
        succeed("w", givenOne("w", "late"));
        jobs(1, 1, 0, 0, 0);
        at(100).tick();
        jobs(0, 0, 0, 1, 0);
        assertThat(queue().getDied()).isZero();
        fail("w", givenOne("w", "x"));
        jobs(0, 0, 0, 0, 1);
        assertThat(queue().getDied()).isEqualTo(1);
        assertThat(count(told(), "jobsDied")).isEqualTo(1);
        redrive("a", 0);
        jobs(0, 0, 0, 1, 0);
        assertThat(queue().getDied()).isEqualTo(1);
        assertThat(count(told(), "jobsSubmitted")).isEqualTo(2);
        assertThat(count(told(), "jobsSucceeded")).isEqualTo(1);
        assertThat(count(told(), "jobAttemptsFailed")).isEqualTo(2);
        assertThat(count(told(), "jobAttemptsLost")).isZero();
        expire("w");
        assertThat(count(told(), "jobAttemptsLost")).isEqualTo(1);
    }

    @Test
    void aPurgeTakesAllThatWaitsOutOfTheFiguresAtOnce() {
        configure("a", retrying(5, 100));
        join("w", 2);
        submit("a", "x", "runs");
        fail("w", given("w", "x", "runs").get(0));
        at(7);
        submit("a", newJob("late").setDelayMillis(1_000));
        submit("a", newJob("key").setKey("k"), newJob("key2").setKey("k"));
        at(9).tick();
        oldest(2);
        jobs(2, 1, 1, 2, 0);
        cutSlices(1);
        purge("a", PurgeQueue.newBuilder().setWaiting(true));
        jobs(0, 0, 0, 2, 0);
        oldest(0);
        drain();
        jobs(0, 0, 0, 2, 0);
    }

    @Test
    void freeSlotsAreThoseOfWorkersThatTakeMore() {
        join("w", 3);
        long second = join("v", 2);
        assertThat(queue().getFreeSlots()).isEqualTo(5);
        submit("a", "1", "2", "3");
        assertThat(queue().getFreeSlots()).isEqualTo(2);
        List<JobAssigned> of = given("v");
        leave("v", second, true);
        assertThat(queue().getFreeSlots()).isEqualTo(1);
        assertThat(queue().getWorkers()).isEqualTo(2);
        for (JobAssigned job : of) {
            succeed("v", job);
        }
        assertThat(queue().getFreeSlots()).isEqualTo(1);
        assertThat(queue().getWorkers()).isEqualTo(1);
        expire("w");
        assertThat(queue().getFreeSlots()).isZero();
        assertThat(count(told(), "queueFreeSlots")).isZero();
    }

    @Test
    void aQueueIsUnservedIfItHasJobsAndNoWorkerAndIsNotPaused() {
        configure("a", QueueSettings.newBuilder());
        assertThat(count(told(), "queuesUnserved")).isZero();
        submit("a", "1");
        assertThat(count(told(), "queuesUnserved")).isEqualTo(1);
        configure("a", QueueSettings.newBuilder().setPaused(true));
        assertThat(count(told(), "queuesUnserved")).isZero();
        configure("a", QueueSettings.newBuilder());
        join("w", 1);
        assertThat(count(told(), "queuesUnserved")).isZero();
        expire("w");
        assertThat(count(told(), "queuesUnserved")).isEqualTo(1);
    }

    // ---- how old they are ----

    /** Higher priorities go first, so that the next one is not the oldest one. */
    @Test
    void theOldestIsTheOneThatHasWaitedLongestAndNotTheNextOne() {
        at(100);
        submit("a", newJob("low").setKey("k"));
        at(200);
        submit("a", newJob("high").setPriority(9));
        at(300).tick();
        oldest(200);
        cancel("a", "low");
        oldest(100);
        cancel("a", "high");
        oldest(0);
    }

    @Test
    void theTimeBeforeAJobIsDueIsNoWait() {
        submit("a", newJob("late").setDelayMillis(1_000));
        at(500).tick();
        oldest(0);
        at(1_000).tick();
        at(1_300).tick();
        oldest(300);
        submit("a", "x");
        oldest(300);
        join("w", 1);
        given("w", "late");
        oldest(0);
        at(1_400).tick();
        oldest(100);
    }

    @Test
    void jobsOfAKeyWaitForEarlierOnesToo() {
        join("w", 9);
        submitKeyed("a", "k", "1", "2");
        at(70).tick();
        assertThat(queue().getWaiting()).isEqualTo(1);
        oldest(70);
    }

    // ---- which queues are named ----

    @Test
    void queuesWhoseJobsWaitLongestAreNamedFirstAndThenThoseWithMostJobs() {
        for (int i = 0; i < 30; i++) {
            String queue = String.format("q%02d", i);
            at(i * 1_000L);
            session("a").acks(session("a").sent().getSeq());
            session("a").send(command(queue, b -> submitting(b, newJob("1"))));
        }
        session("a").send(command("q29", b -> submitting(b, newJob("2"))));
        session("a").send(command("dead", b -> b.setConfigure(ConfigureQueue.newBuilder())));
        at(29_400).tick();
        Stats stats = told();
        assertThat(stats.getQueuesList()).hasSize(Ranking.NAMED_MAX);
        assertThat(stats.getQueues(0).getQueue()).isEqualTo("q00");
        assertThat(stats.getQueues(0).getOldestWaitMillis()).isEqualTo(29_400);
        assertThat(stats.getQueues(19).getQueue()).isEqualTo("q19");
        assertThat(count(stats, "jobsWaiting")).isEqualTo(31);
        assertThat(count(stats, "queues")).isEqualTo(31);
        assertThat(count(stats, "queuesUnserved")).isEqualTo(30);

        // Of the same second the one with more jobs.
        session("a").send(command("q30", b -> submitting(b, newJob("1"), newJob("2"), newJob("3"))));
        for (int i = 0; i < 29; i++) {
            String queue = String.format("q%02d", i);
            session("a").acks(session("a").sent().getSeq());
            session("a").send(command(queue, b -> b.setDelete(DeleteQueue.getDefaultInstance())));
        }
        assertThat(told().getQueuesList()).extracting(QueueSummary::getQueue).containsExactly("q30", "q29", "dead");
    }

    /** Each look is at so many queues at most, and names so few. */
    @Test
    void ofVeryManyQueuesFewAreNamedAndSoManyAreSummed() {
        withoutShadow();
        int more = Ranking.LOOKED_AT_MAX + 5;
        for (int i = 0; i < more; i++) {
            String queue = String.format("q%05d", i);
            session("a").acks(session("a").sent().getSeq());
            session("a").send(command(queue, b -> submitting(b, newJob("1"))));
        }
        Stats stats = stats();
        assertThat(count(stats, "queues")).isEqualTo(more);
        assertThat(count(stats, "jobs")).isEqualTo(more);
        assertThat(count(stats, "jobsWaiting")).isEqualTo(Ranking.LOOKED_AT_MAX);
        assertThat(stats.getQueuesList()).hasSize(Ranking.NAMED_MAX);
        assertThat(stats.getSerializedSize()).isLessThan(10_000);
    }

    // ---- how long things take ----

    @Test
    void howLongJobsWaitAndRunIsToldOnce() {
        configure("a", retrying(3, 100));
        submit("a", newJob("x").setDelayMillis(10));
        assertThat(last().took()).isEmpty();
        at(10).tick();
        at(35);
        join("w", 1);
        assertThat(last().took()).containsExactly(new Took(JOB, WAIT, Q, 25));
        JobAssigned first = givenOne("w", "x");
        at(75);
        fail("w", first);
        assertThat(last().took()).containsExactly(new Took(JOB, RUN, Q, 40));
        at(175).tick();
        assertThat(last().took()).containsExactly(new Took(JOB, WAIT, Q, 0));
        JobAssigned second = givenOne("w", "x");
        complete("w", handBack(second));
        assertThat(last().took()).as("it was not run, and waits no longer").containsExactly(new Took(JOB, WAIT, Q, 0));
        givenOne("w", "x");
        expire("w");
        assertThat(last().took()).as("nobody knows how long it ran").isEmpty();
        join("v", 1);
        JobAssigned third = givenOne("v", "x");
        at(200);
        succeed("v", third);
        assertThat(last().took()).containsExactly(new Took(JOB, RUN, Q, 25));
        succeed("v", third);
        assertThat(last().took()).as("refused").isEmpty();
    }

    @Test
    void anAttemptThatTakesTooLongHasRunSoLong() {
        configure("a", retrying(2, 100).setAttemptMillis(30));
        join("w", 1);
        submit("a", "x");
        at(40).tick();
        assertThat(last().took()).containsExactly(new Took(JOB, RUN, Q, 40));
    }

    /** Neither the time nor the figures of what was undone. */
    @Test
    void whatIsTakenBackIsNotCounted() {
        join("w", 2);
        submit("a", "x");
        JobAssigned job = givenOne("w", "x");
        at(50);
        CompleteJob.Builder wrong = result(job, "1").setToken(job.getToken() + 1);
        session("w")
                .transact(TransactionCommand.newBuilder()
                        .addThen(completion(result(job, "1")))
                        .addThen(completion(wrong)))
                .refused(ErrorCode.EBATCH);
        assertThat(last().took()).isEmpty();
        jobs(0, 0, 0, 1, 0);
        assertThat(queue().getFreeSlots()).isEqualTo(1);
        succeed("w", job);
        assertThat(last().took()).containsExactly(new Took(JOB, RUN, Q, 50));
    }
}
