package io.coordinator.state;

import static io.coordinator.protocol.JobState.CANCELED;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.JobEnd;
import io.coordinator.protocol.JobState;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.PurgeQueue;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.SubmittedJob;
import io.coordinator.state.kernel.Budget;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Queues when little is done in each entry, and when there is much of everything. */
@Feature({"B-26", "C-09"})
class ThinJobsTest extends JobScript {
    private void submitMany(String session, String prefix, int count) {
        for (int from = 0; from < count; from += 1_000) {
            NewJob.Builder[] jobs = new NewJob.Builder[Math.min(1_000, count - from)];
            for (int i = 0; i < jobs.length; i++) {
                jobs[i] = newJob(prefix + (from + i));
            }
            session(session).acks(session(session).sent().getSeq());
            submit(session, jobs);
        }
    }

    @Test
    void aPurgeIsDoneAtOnceForEverybody() {
        submit(
                "a",
                newJob("1").setAwait(true),
                newJob("2").setKey("k"),
                newJob("3").setDelayMillis(10));
        cutSlices(1);
        assertThat(purge("a", PurgeQueue.newBuilder().setWaiting(true))
                        .reply()
                        .getJob()
                        .getPurged()
                        .getCount())
                .isEqualTo(3);
        assertThat(core().hasWorkLeft()).isTrue();
        there(0, 0, 0, 0, 0);
        assertThat(inspect("2").getExists()).isFalse();
        assertThat(list(JobState.JOB_STATE_UNSPECIFIED)).isEmpty();
        purge("a", PurgeQueue.newBuilder().setDead(true)).refused(ErrorCode.EBUSY, "earlier purge");
        cancel("a", "3").changes();
        assertThat(submit("a", newJob("2").setKey("k"), newJob("4"))
                        .reply()
                        .getJob()
                        .getSubmitted()
                        .getJobsList())
                .allMatch(SubmittedJob::getCreated);
        join("w", 9);
        drain();
        given("w", "2", "4");
        assertThat(ends("a")).extracting(JobEnd::getId).containsExactly("1");
        there(0, 0, 2, 0, 0);
        at(10).tick();
        assertThat(count("jobs")).isEqualTo(2);
    }

    @Test
    void whatRunsDuringAPurgeIsTriedAgain() {
        join("w", 1);
        submit("a", "runs", "1", "2", "3");
        JobAssigned job = givenOne("w", "runs");
        cutSlices(1);
        purge("a", PurgeQueue.newBuilder().setWaiting(true));
        assertThat(core().hasWorkLeft()).isTrue();
        complete("w", handBack(job));
        drain();
        given("w", "runs");
        there(0, 0, 1, 0, 0);
    }

    @Test
    void aDeletedQueueIsGoneAtOnceAndItsNameCanBeUsed() {
        configure("a", QueueSettings.newBuilder().setConcurrencyMax(3));
        join("w", 9);
        submit(
                "a",
                newJob("1"),
                newJob("2"),
                newJob("3"),
                newJob("4").setAwait(true),
                newJob("5").setDelayMillis(5));
        session("w").heard();
        cutSlices(1);
        delete("a");
        assertThat(core().hasWorkLeft()).isTrue();
        assertThat(queue().getNamespace()).isEmpty();
        join("v", 1);
        assertThat(submit("a", "1").reply().getJob().getSubmitted().getJobs(0).getCreated())
                .isTrue();
        at(5).tick();
        expire("w");
        drain();
        given("v", "1");
        assertThat(ends("a")).hasSize(1).allMatch(end -> end.getState() == CANCELED);
        assertThat(count("jobs")).isEqualTo(1);
        assertThat(count("queueWorkers")).isEqualTo(1);
    }

    @Test
    void thoseWhoAwaitAreToldOneByOneAndALaterEndIsAnother() {
        join("w", 1);
        submit("a", "x");
        for (String who : List.of("a", "b", "c")) {
            await(who, "x");
        }
        JobAssigned job = givenOne("w", "x");
        cutSlices(1);
        complete("w", result(job, "1"));
        assertThat(core().hasWorkLeft()).isTrue();
        rerun("a", "x", false);
        await("d", "x");
        drain();
        for (String who : List.of("a", "b", "c")) {
            assertThat(session(who).heard())
                    .hasSize(1)
                    .allMatch(event -> event.getValue().equals(Actor.json("1")));
        }
        complete("w", result(givenOne("w", "x"), "2"));
        drain();
        assertThat(session("d").heard())
                .hasSize(1)
                .allMatch(event -> event.getValue().equals(Actor.json("2")));
    }

    @Test
    void aWorkerThatLeavesOrIsLostLosesOneAfterTheOther() {
        long member = join("w", 9);
        join("v", 9);
        submit("a", "1", "2", "3", "4", "5", "6", "7", "8");
        given("v", "2", "4", "6", "8");
        given("w", "1", "3", "5", "7");
        cutSlices(1);
        leave("w", member, false);
        drain();
        assertThat(given("v")).extracting(JobAssigned::getId).contains("1", "3", "5", "7");
        join("u", 9);
        expire("v");
        drain();
        assertThat(given("u")).hasSize(8).extracting(JobAssigned::getAttempt).containsOnly(2);
    }

    @Test
    void manyJobsAreGivenForgottenAndPurgedSliceBySlice() {
        withoutShadow();
        int many = 20_000;
        submitMany("a", "job", many);
        there(0, many, 0, 0, 0);
        join("w", 10_000);
        assertThat(core().hasWorkLeft()).isTrue();
        assertThat(steps()).isLessThan(2 * Budget.SLICE_STEPS);
        assertThat(drain()).isGreaterThan(5);
        List<JobAssigned> jobs = given("w");
        assertThat(jobs).hasSize(10_000);
        for (JobAssigned job : jobs.subList(0, 3_000)) {
            session("w").acks(session("w").sent().getSeq());
            succeed("w", job);
        }
        drain();
        there(0, 7_000, 10_000, 0, 3_000);
        configure("a", QueueSettings.newBuilder().setFinishedMax(1).setPaused(true));
        assertThat(core().hasWorkLeft()).isTrue();
        drain();
        there(0, 7_000, 10_000, 0, 1);
        expire("w");
        assertThat(core().hasWorkLeft()).isTrue();
        drain();
        there(0, 17_000, 0, 0, 1);
        purge("a", PurgeQueue.newBuilder().setWaiting(true));
        assertThat(steps()).isLessThan(2 * Budget.SLICE_STEPS);
        there(0, 0, 0, 0, 1);
        assertThat(drain()).isGreaterThan(5);
        assertThat(count("jobs")).isEqualTo(1);
    }
}
