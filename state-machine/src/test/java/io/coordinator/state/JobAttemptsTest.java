package io.coordinator.state;

import static io.coordinator.protocol.ChangeKind.COMPLETED;
import static io.coordinator.protocol.ChangeKind.DIED;
import static io.coordinator.protocol.ChangeKind.FAILED;
import static io.coordinator.protocol.ChangeKind.LOST;
import static io.coordinator.protocol.ChangeKind.PROGRESS;
import static io.coordinator.protocol.ChangeKind.RELEASED;
import static io.coordinator.protocol.ChangeKind.STARTED;
import static io.coordinator.protocol.ChangeKind.SUBMITTED;
import static io.coordinator.protocol.ChangeKind.WITHDRAWN;
import static io.coordinator.protocol.JobState.CANCELED;
import static io.coordinator.protocol.JobState.DEAD;
import static io.coordinator.protocol.JobState.DELAYED;
import static io.coordinator.protocol.JobState.JOB_STATE_UNSPECIFIED;
import static io.coordinator.protocol.JobState.RUNNING;
import static io.coordinator.protocol.JobState.SUCCEEDED;
import static io.coordinator.protocol.JobState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Change;
import io.coordinator.protocol.CompleteJob;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.JobAttempt;
import io.coordinator.protocol.JobFailure;
import io.coordinator.protocol.JobRevoked;
import io.coordinator.protocol.JobState;
import io.coordinator.protocol.ReportJobProgress;
import io.coordinator.protocol.RetryPolicy;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attempts: how they end, and what becomes of their job. */
@Feature("B-26")
class JobAttemptsTest extends JobScript {
    @BeforeEach
    void retriesTwice() {
        configure("a", retrying(3, 100));
    }

    private static JobState state(Outcome completed) {
        return completed.reply().getJob().getCompleted().getState();
    }

    private List<JobAttempt.Outcome> outcomes(String id) {
        return inspect(id).getAttemptsList().stream()
                .map(JobAttempt::getOutcome)
                .toList();
    }

    // ---- failures ----

    @Test
    void aFailedJobIsTriedAgainLaterEachTimeAndIsDeadInTheEnd() {
        join("w", 1);
        submit("a", "x");
        assertThat(state(fail("w", givenOne("w", "x")).changes(FAILED))).isEqualTo(DELAYED);
        at(99).tick();
        given("w", new String[0]);
        at(100).tick();
        assertThat(last().changes()).extracting(Change::getKind).containsExactly(STARTED);
        JobAssigned second = givenOne("w", "x");
        assertThat(second.getAttempt()).isEqualTo(2);
        fail("w", second);
        at(299).tick();
        given("w", new String[0]);
        at(300).tick();
        assertThat(state(complete("w", failure(givenOne("w", "x"), "at last")).changes(DIED)))
                .isEqualTo(DEAD);
        assertThat(inspect("x").getEnd().getFailure().getMessage()).isEqualTo("at last");
        assertThat(queue().getAttemptsFailed()).isEqualTo(3);
        there(0, 0, 0, 1, 0);
        at(10_000_000).tick();
        there(0, 0, 0, 1, 0);
    }

    @Test
    void theJobItselfMaySayHowItIsTriedAgain() {
        join("w", 1);
        submit("a", newJob("x").setRetry(RetryPolicy.newBuilder().setAttemptsMax(1)));
        assertThat(state(fail("w", givenOne("w", "x")))).isEqualTo(DEAD);
    }

    @Test
    void aFailureMaySayWhenOrThatThereIsNoPointInIt() {
        join("w", 1);
        submit("a", "x");
        CompleteJob.Builder failure = failure(givenOne("w", "x"), "slow down");
        failure.getFailureBuilder().setDelayMillis(5_000);
        complete("w", failure);
        at(4_999).tick();
        given("w", new String[0]);
        at(5_000).tick();
        CompleteJob.Builder permanent = failure(givenOne("w", "x"), "nonsense");
        permanent.getFailureBuilder().setPermanent(true);
        assertThat(state(complete("w", permanent))).isEqualTo(DEAD);
    }

    @Test
    void aLostWorkerCountsAndTheNextOneTakesOverAtOnce() {
        join("w", 1);
        submit("a", "x");
        JobAssigned lost = givenOne("w", "x");
        join("v", 1);
        expire("w");
        drain();
        JobAssigned again = givenOne("v", "x");
        assertThat(again.getAttempt()).isEqualTo(2);
        assertThat(again.getToken()).isGreaterThan(lost.getToken());
        assertThat(queue().getAttemptsLost()).isEqualTo(1);
        expire("v");
        assertThat(last().changes()).extracting(Change::getKind).containsExactly(LOST);
        assertThat(state("x")).isEqualTo(WAITING);
        join("u", 1);
        expire("u");
        assertThat(state("x")).isEqualTo(DEAD);
        assertThat(inspect("x").getEnd().getFailure().getCode()).isEqualTo("LOST");
        assertThat(outcomes("x")).containsOnly(JobAttempt.Outcome.LOST).hasSize(3);
        assertThat(inspect("x").getAttemptsList())
                .extracting(JobAttempt::getWorker)
                .containsExactly("w", "v", "u");
    }

    @Test
    void anAttemptHasItsTimeAndNotLess() {
        join("w", 1);
        at(1_000);
        submit("a", newJob("x").setAttemptMillis(500));
        JobAssigned job = givenOne("w", "x");
        assertThat(job.getDeadlineMillis()).isEqualTo(1_500);
        assertThat(job.getRemainingMillis()).isEqualTo(500);
        at(1_499).tick();
        assertThat(state("x")).isEqualTo(RUNNING);
        at(1_500).tick();
        revoked("w", job, JobRevoked.Reason.TIMED_OUT);
        assertThat(state("x")).isEqualTo(DELAYED);
        succeed("w", job).refused(ErrorCode.EFENCED, "nobody has it").changes();
        at(1_600).tick();
        assertThat(givenOne("w", "x").getAttempt()).isEqualTo(2);
        assertThat(outcomes("x")).containsExactly(JobAttempt.Outcome.TIMED_OUT, JobAttempt.Outcome.RUNNING_NOW);
    }

    @Test
    void whatIsHandedBackGoesToAnotherWorkerAndIsNotCounted() {
        join("w", 1);
        submit("a", "x");
        JobAssigned job = givenOne("w", "x");
        join("v", 1);
        complete("w", handBack(job)).changes(RELEASED, STARTED);
        JobAssigned again = givenOne("v", "x");
        assertThat(again.getAttempt()).isEqualTo(1);
        given("w", new String[0]);
        assertThat(outcomes("x")).containsExactly(JobAttempt.Outcome.HANDED_BACK, JobAttempt.Outcome.RUNNING_NOW);
        complete("v", handBack(again));
        given("w", "x");
    }

    @Test
    void theLastTenAttemptsAreRemembered() {
        configure("a", retrying(20, 1));
        join("w", 1);
        submit("a", "x");
        for (int i = 1; i <= 12; i++) {
            complete("w", failure(givenOne("w", "x"), "é".repeat(600) + i));
            at(i * 1_000_000L).tick();
        }
        assertThat(inspect("x").getAttemptsList())
                .extracting(JobAttempt::getNumber)
                .containsExactly(4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
        assertThat(inspect("x").getAttempts(0).getFailure().getMessage()).isEqualTo("é".repeat(500));
    }

    // ---- fences ----

    @Test
    void onlyTheLiveLeaseCompletesAJob() {
        join("w", 1);
        submit("a", "x");
        JobAssigned first = givenOne("w", "x");
        session("v");
        succeed("v", first).refused(ErrorCode.EFENCED, "another session's").changes();
        complete("w", result(first.toBuilder().setToken(77).build(), "1")).refused(ErrorCode.EFENCED, "attempt 1");
        assertThat(last().replies().get(0).getError().getCurrentToken()).isEqualTo(first.getToken());
        complete("w", result(first.toBuilder().setId("y").build(), "1")).refused(ErrorCode.EFENCED, "no such job");
        Outcome completed = succeed("w", first).changes(COMPLETED);
        succeed("w", first).refused(ErrorCode.EFENCED, "it is SUCCEEDED").changes();
        fail("w", first).refused(ErrorCode.EFENCED);
        assertThat(state(completed)).isEqualTo(SUCCEEDED);
    }

    @Test
    void aLeaseThatIsPastItsTimeDoesNotCountAlthoughItsRowIsThere() {
        join("w", 1);
        submit("a", newJob("x").setAttemptMillis(100));
        JobAssigned job = givenOne("w", "x");
        at(100);
        succeed("w", job).refused(ErrorCode.EFENCED);
        assertThat(state("x")).isEqualTo(DELAYED);
    }

    @Test
    void aCompletionThatIsSentAgainIsAnsweredAsBefore() {
        join("w", 1);
        submit("a", "x");
        Outcome first = succeed("w", givenOne("w", "x"));
        assertThat(session("w").again(session("w").sent()).reply()).isEqualTo(first.reply());
        assertThat(last().changes()).isEmpty();
    }

    @Test
    void progressIsToldUnderTheLease() {
        join("w", 1);
        submit("a", "x");
        JobAssigned job = givenOne("w", "x");
        ReportJobProgress.Builder report = ReportJobProgress.newBuilder()
                .setId("x")
                .setToken(job.getToken())
                .setValue(Actor.json("50"));
        job("w", b -> b.setProgress(report)).changes(PROGRESS);
        assertThat(inspect("x").getProgress()).isEqualTo(Actor.json("50"));
        succeed("w", job);
        job("w", b -> b.setProgress(report)).refused(ErrorCode.EFENCED).changes();
    }

    // ---- to cancel, and to run again ----

    @Test
    void aJobThatWaitsIsCancelledAtOnce() {
        submit("a", newJob("x"), newJob("late").setDelayMillis(100));
        assertThat(cancel("a", "x")
                        .changes(WITHDRAWN)
                        .reply()
                        .getJob()
                        .getCancelled()
                        .getState())
                .isEqualTo(WAITING);
        assertThat(cancel("a", "late").reply().getJob().getCancelled().getState())
                .isEqualTo(DELAYED);
        assertThat(cancel("a", "x").changes().reply().getJob().getCancelled().getState())
                .isEqualTo(CANCELED);
        assertThat(cancel("a", "none").reply().getJob().getCancelled().getState())
                .isEqualTo(JOB_STATE_UNSPECIFIED);
        join("w", 1);
        at(100).tick();
        given("w", new String[0]);
        there(0, 0, 0, 0, 2);
    }

    @Test
    void theWorkerOfAJobThatRunsIsToldAndItsCompletionCounts() {
        join("w", 3);
        submit("a", "stops", "finishes", "fails");
        List<JobAssigned> jobs = given("w");
        for (JobAssigned job : jobs) {
            assertThat(cancel("a", job.getId())
                            .changes()
                            .reply()
                            .getJob()
                            .getCancelled()
                            .getState())
                    .isEqualTo(RUNNING);
            revoked("w", job, JobRevoked.Reason.CANCELLED);
        }
        cancel("a", "stops");
        given("w", new String[0]);
        assertThat(inspect("stops").getSummary().getCancelRequested()).isTrue();
        assertThat(state(complete("w", stopped(jobs.get(0))))).isEqualTo(CANCELED);
        assertThat(state(succeed("w", jobs.get(1)))).isEqualTo(SUCCEEDED);
        assertThat(state(fail("w", jobs.get(2)))).isEqualTo(CANCELED);
    }

    @Test
    void aCancelledJobWhoseWorkerIsLostOrLateIsNotTriedAgain() {
        join("w", 1);
        submit("a", newJob("x"), newJob("y").setAttemptMillis(100));
        cancel("a", "x");
        join("v", 1);
        cancel("a", "y");
        expire("w");
        assertThat(state("x")).isEqualTo(CANCELED);
        at(100).tick();
        assertThat(state("y")).isEqualTo(CANCELED);
    }

    @Test
    void aWorkerThatStopsUnaskedHasFailed() {
        join("w", 1);
        submit("a", "x");
        assertThat(state(complete("w", stopped(givenOne("w", "x"))))).isEqualTo(DELAYED);
        assertThat(inspect("x").getAttempts(0).getFailure().getCode()).isEqualTo("EHANDLER");
    }

    @Test
    void aFinishedOrDeadJobRunsAgainFromItsFirstAttempt() {
        configure("a", retrying(1, 100));
        join("w", 1);
        submit("a", "good", "bad", "other");
        succeed("w", givenOne("w", "good"));
        fail("w", givenOne("w", "bad"));
        assertThat(rerun("a", "good", false)
                        .changes(SUBMITTED)
                        .reply()
                        .getJob()
                        .getRerun()
                        .getState())
                .isEqualTo(SUCCEEDED);
        assertThat(rerun("a", "bad", false).reply().getJob().getRerun().getState())
                .isEqualTo(DEAD);
        assertThat(rerun("a", "bad", false)
                        .changes()
                        .reply()
                        .getJob()
                        .getRerun()
                        .getState())
                .isEqualTo(WAITING);
        assertThat(rerun("a", "none", false).reply().getJob().getRerun().getState())
                .isEqualTo(JOB_STATE_UNSPECIFIED);
        assertThat(inspect("good").hasEnd()).isFalse();
        succeed("w", givenOne("w", "other"));
        assertThat(givenOne("w", "good").getAttempt()).isEqualTo(1);
        there(0, 1, 1, 0, 1);
    }

    @Test
    void deadJobsAreRedrivenTheOldestFirst() {
        configure("a", retrying(1, 100));
        join("w", 10);
        submit("a", "1", "2", "3");
        List<JobAssigned> jobs = given("w");
        fail("w", jobs.get(1));
        fail("w", jobs.get(0));
        fail("w", jobs.get(2));
        assertThat(list(DEAD)).containsExactly("2", "1", "3");
        var redriven = redrive("a", 2)
                .changes(SUBMITTED, SUBMITTED, STARTED, STARTED)
                .reply()
                .getJob()
                .getRedriven();
        assertThat(redriven.getCount()).isEqualTo(2);
        assertThat(redriven.getMore()).isTrue();
        assertThat(given("w", "2", "1")).extracting(JobAssigned::getAttempt).containsOnly(1);
        redriven = redrive("a", 0).reply().getJob().getRedriven();
        assertThat(redriven.getCount()).isEqualTo(1);
        assertThat(redriven.getMore()).isFalse();
    }

    @Test
    void onlyTheLastFailureIsKeptWhole() {
        join("w", 1);
        submit("a", "x");
        JobFailure failure = JobFailure.newBuilder()
                .setCode("E")
                .setMessage("x".repeat(499) + "😀 and more")
                .setPermanent(true)
                .build();
        JobAssigned job = givenOne("w", "x");
        complete(
                "w",
                CompleteJob.newBuilder().setId("x").setToken(job.getToken()).setFailure(failure));
        assertThat(inspect("x").getEnd().getFailure()).isEqualTo(failure);
        assertThat(inspect("x").getAttempts(0).getFailure().getMessage()).isEqualTo("x".repeat(499));
    }
}
