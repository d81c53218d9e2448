package io.coordinator.state;

import static io.coordinator.protocol.ChangeKind.COMPLETED;
import static io.coordinator.protocol.ChangeKind.STARTED;
import static io.coordinator.protocol.ChangeKind.SUBMITTED;
import static io.coordinator.protocol.JobState.DELAYED;
import static io.coordinator.protocol.JobState.RUNNING;
import static io.coordinator.protocol.JobState.SUCCEEDED;
import static io.coordinator.protocol.JobState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.coordinator.protocol.Change;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.JobReply;
import io.coordinator.protocol.JobSummary;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.SubmittedJob;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Jobs: what is submitted, and which one is given to a worker next. */
@Feature("B-26")
class JobsTest extends JobScript {
    private static List<SubmittedJob> jobs(Outcome submitted) {
        return submitted
                .gives(JobReply.OutcomeCase.SUBMITTED)
                .reply()
                .getJob()
                .getSubmitted()
                .getJobsList();
    }

    // ---- submitting ----

    @Test
    void aJobGoesFromItsSubmissionToItsResult() {
        submit("a", "one").changes(SUBMITTED);
        assertThat(last().changes().get(0))
                .isEqualTo(Change.newBuilder()
                        .setRevision(core().revision())
                        .setData(DataKind.JOB)
                        .setNamespace(Actor.NAMESPACE)
                        .setKey("q/one")
                        .setKind(SUBMITTED)
                        .setValue(Actor.json("{\"state\":\"WAITING\",\"attempt\":0}"))
                        .build());
        join("w", 1);
        assertThat(last().changes()).extracting(Change::getKind).containsExactly(STARTED);
        JobAssigned job = givenOne("w", "one");
        assertThat(job.getPayload()).isEqualTo(Actor.json("\"one\""));
        assertThat(job.getAttempt()).isEqualTo(1);
        assertThat(job.getAttemptsMax()).isEqualTo(5);
        assertThat(job.getSubmitter()).isEqualTo("a");
        assertThat(job.getDeadlineMillis()).isZero();
        assertThat(state("one")).isEqualTo(RUNNING);
        assertThat(inspect("one").getSummary().getWorker()).isEqualTo("w");
        complete("w", result(job, "42")).changes(COMPLETED);
        assertThat(state("one")).isEqualTo(SUCCEEDED);
        assertThat(inspect("one").getEnd().getResult()).isEqualTo(Actor.json("42"));
        there(0, 0, 0, 0, 1);
        assertThat(queue().getSubmitted()).isEqualTo(1);
        assertThat(queue().getSucceeded()).isEqualTo(1);
    }

    @Test
    void aJobOfAnIdThatIsRememberedIsNotSubmittedAgain() {
        assertThat(jobs(submit("a", "x", "y", "x")))
                .extracting(SubmittedJob::getId, SubmittedJob::getCreated, SubmittedJob::getState)
                .containsExactly(tuple("x", true, WAITING), tuple("y", true, WAITING), tuple("x", false, WAITING));
        submit("b", newJob("x").setPayload(Actor.json("2"))).changes();
        join("w", 1);
        succeed("w", givenOne("w", "x"));
        assertThat(jobs(submit("b", "x")).get(0).getState()).isEqualTo(SUCCEEDED);
        assertThat(inspect("x").getPayload()).isEqualTo(Actor.json("\"x\""));
        assertThat(queue().getSubmitted()).isEqualTo(2);
    }

    @Test
    void theClusterMakesShortIdsThatNoOtherJobHas() {
        String first = jobs(submit("a", "")).get(0).getId();
        assertThat(first).hasSizeBetween(1, 4);
        long next = Long.parseLong(first, Character.MAX_RADIX) + 1;
        String taken = Long.toString(next + 1, Character.MAX_RADIX);
        submit("a", taken);
        List<SubmittedJob> made = jobs(submit("a", "", ""));
        assertThat(made).allMatch(SubmittedJob::getCreated);
        assertThat(made)
                .extracting(SubmittedJob::getId)
                .doesNotContain(first, taken)
                .doesNotHaveDuplicates();
    }

    @Test
    void aFullQueueRefusesAllOfASubmission() {
        configure("a", QueueSettings.newBuilder().setJobsMax(3));
        submit("a", "1", "2");
        submit("a", "3", "4").refused(ErrorCode.EBUSY, "redrive or purge").changes();
        assertThat(last().replies().get(0).getError().getRetryAfterMillis()).isPositive();
        there(0, 2, 0, 0, 0);
        submit("a", "1", "3", "2", "3");
        // Those that are there already are no more.
        submit("a", "1", "2", "3").changes();
        submit("a", "4").refused(ErrorCode.EBUSY);
        join("w", 1);
        succeed("w", givenOne("w", "1"));
        submit("a", "4").changes(SUBMITTED);
    }

    @Test
    void finishedJobsAreRememberedForAWhileAndNotTooMany() {
        configure("a", QueueSettings.newBuilder().setRetentionMillis(1_000).setFinishedMax(2));
        join("w", 10);
        at(100);
        submit("a", "1", "2", "3");
        given("w").forEach(job -> succeed("w", job));
        assertThat(list(SUCCEEDED)).containsExactly("2", "3");
        at(500).tick();
        submit("a", "4");
        succeed("w", givenOne("w", "4"));
        assertThat(list(SUCCEEDED)).containsExactly("3", "4");
        at(1_099).tick();
        assertThat(list(SUCCEEDED)).containsExactly("3", "4");
        at(1_100).tick();
        assertThat(list(SUCCEEDED)).containsExactly("4");
        assertThat(jobs(submit("a", "3")).get(0).getCreated()).isTrue();
        configure("a", QueueSettings.newBuilder().setRetentionMillis(5_000).setFinishedMax(2));
        at(1_600).tick();
        assertThat(list(SUCCEEDED)).containsExactly("4");
        configure("a", QueueSettings.newBuilder().setRetentionMillis(1).setFinishedMax(2));
        assertThat(list(SUCCEEDED)).isEmpty();
    }

    // ---- who is next ----

    @Test
    void higherPrioritiesComeFirstAndOfTheSameTheOldest() {
        submit("a", newJob("low").setPriority(-1), newJob("x"), newJob("high").setPriority(7), newJob("y"));
        assertThat(list(WAITING)).containsExactly("high", "x", "y", "low");
        join("w", 4);
        given("w", "high", "x", "y", "low");
        submit(
                "a",
                newJob("least").setPriority(Integer.MIN_VALUE),
                newJob("most").setPriority(Integer.MAX_VALUE));
        join("v", 2);
        given("v", "most", "least");
    }

    @Test
    void workersShareAndEachHasNoMoreThanItTakes() {
        join("w", 1);
        join("v", 2);
        submit("a", "1", "2", "3", "4");
        assertThat(given("w", "1")).hasSize(1);
        JobAssigned two = given("v", "2", "3").get(0);
        there(0, 1, 3, 0, 0);
        succeed("v", two);
        given("v", "4");
    }

    @Test
    void aDelayedJobDoesNotRunBeforeItsTime() {
        join("w", 10);
        at(1_000);
        submit("a", newJob("later").setDelayMillis(500), newJob("now"));
        given("w", "now");
        assertThat(state("later")).isEqualTo(DELAYED);
        assertThat(inspect("later").getSummary().getRemainingMillis()).isEqualTo(500);
        at(1_499).tick();
        given("w", new String[0]);
        at(1_500).tick();
        given("w", "later");
    }

    @Test
    void noMoreRunAtATimeThanTheQueueSays() {
        configure("a", QueueSettings.newBuilder().setConcurrencyMax(2));
        join("w", 10);
        submit("a", "1", "2", "3", "4");
        List<JobAssigned> first = given("w", "1", "2");
        succeed("w", first.get(0));
        given("w", "3");
        configure("a", QueueSettings.newBuilder().setConcurrencyMax(1));
        succeed("w", first.get(1));
        given("w", new String[0]);
        configure("a", QueueSettings.newBuilder());
        given("w", "4");
    }

    // ---- keys ----

    @Test
    void jobsOfOneKeyRunOneAtATimeAndInOrder() {
        submit("a", newJob("k1").setKey("k"), newJob("k2").setKey("k").setPriority(9), newJob("free"));
        submitKeyed("a", "l", "l1");
        join("w", 10);
        List<JobAssigned> first = given("w", "k1", "free", "l1");
        succeed("w", first.get(0));
        JobAssigned second = givenOne("w", "k2");
        submitKeyed("a", "k", "k3");
        given("w", new String[0]);
        succeed("w", second);
        given("w", "k3");
    }

    @Test
    void theTurnOfAKeyHasThePriorityOfItsHead() {
        submit(
                "a",
                newJob("k1").setKey("k").setPriority(1),
                newJob("k2").setKey("k").setPriority(9));
        submit("a", newJob("x").setPriority(2), newJob("y"));
        assertThat(list(WAITING)).containsExactly("k2", "x", "k1", "y");
        join("w", 1);
        succeed("w", givenOne("w", "x"));
        succeed("w", givenOne("w", "k1"));
        succeed("w", givenOne("w", "k2"));
        given("w", "y");
    }

    @Test
    void aJobThatWaitsForAnotherAttemptHoldsUpThoseOfItsKey() {
        configure("a", retrying(3, 100));
        join("w", 10);
        submitKeyed("a", "k", "k1", "k2");
        fail("w", givenOne("w", "k1"));
        given("w", new String[0]);
        assertThat(state("k1")).isEqualTo(DELAYED);
        at(100).tick();
        succeed("w", givenOne("w", "k1"));
        given("w", "k2");
    }

    @Test
    void aJobThatWasSubmittedWithADelayHoldsUpNobodyBeforeItIsDue() {
        join("w", 10);
        submit(
                "a",
                newJob("k1").setKey("k").setDelayMillis(100),
                newJob("k2").setKey("k"),
                newJob("k3").setKey("k"));
        JobAssigned second = givenOne("w", "k2");
        at(100).tick();
        given("w", new String[0]);
        succeed("w", second);
        // It has the place that its submission gave it.
        succeed("w", givenOne("w", "k1"));
        given("w", "k3");
    }

    @Test
    void severalOfOneKeyMayRunIfTheQueueSaysSo() {
        configure("a", retrying(3, 100).setKeyConcurrencyMax(2));
        submitKeyed("a", "k", "1", "2", "3", "4", "5");
        join("w", 10);
        List<JobAssigned> first = given("w", "1", "2");
        fail("w", first.get(0));
        given("w", "3");
        configure("a", retrying(3, 100));
        succeed("w", first.get(1));
        given("w", new String[0]);
        configure("a", retrying(3, 100).setKeyConcurrencyMax(3));
        given("w", "4", "5");
        at(100).tick();
        given("w", new String[0]);
        assertThat(list(WAITING)).containsExactly("1");
    }

    @Test
    void aDeadJobHoldsUpNobodyOfItsKey() {
        configure("a", retrying(1, 100));
        join("w", 10);
        submitKeyed("a", "k", "k1", "k2");
        fail("w", givenOne("w", "k1"));
        given("w", "k2");
        redrive("a", 0);
        assertThat(list(WAITING)).containsExactly("k1");
        submitKeyed("a", "k", "k3");
        assertThat(list(WAITING)).containsExactly("k1", "k3");
    }

    // ---- what is remembered of it ----

    @Test
    void datesAreThoseOfTheLeader() {
        apply(Entry.newBuilder().setDateMillis(5_000_000));
        submit("a", "x");
        join("w", 1);
        apply(Entry.newBuilder().setDateMillis(6_000_000));
        succeed("w", givenOne("w", "x"));
        JobSummary job = inspect("x").getSummary();
        assertThat(job.getSubmittedDateMillis()).isEqualTo(5_000_000);
        assertThat(job.getStartedDateMillis()).isEqualTo(5_000_000);
        assertThat(job.getFinishedDateMillis()).isEqualTo(6_000_000);
        assertThat(inspect("x").getAttempts(0).getEndedDateMillis()).isEqualTo(6_000_000);
    }
}
