package io.coordinator.state;

import static io.coordinator.protocol.JobState.CANCELED;
import static io.coordinator.protocol.JobState.DEAD;
import static io.coordinator.protocol.JobState.RUNNING;
import static io.coordinator.protocol.JobState.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.PurgeQueue;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever awaits a job hears of its end, whatever state it was in when it was awaited, and however it ends. */
@Feature("B-26")
class JobEndingsTest extends JobScript {
    private static NewJob.Builder awaited(String id) {
        return newJob(id).setAwait(true);
    }

    @Test
    void whoSubmitsWhatRunsAlreadyHearsOfItsEnd() {
        join("w", 1);
        submit("a", "x");
        JobAssigned job = givenOne("w", "x");
        Outcome again = submit("b", awaited("x"));
        assertThat(again.reply().getJob().getSubmitted().getJobs(0).getState()).isEqualTo(RUNNING);
        assertThat(ends("b")).isEmpty();
        succeed("w", job);
        ended("b", again.seq(), "x", SUCCEEDED, Actor.json("\"done\""));
    }

    @Test
    void whoSubmitsWhatWaitsForAnotherAttemptHearsOfItsEnd() {
        configure("a", retrying(2, 100));
        join("w", 1);
        submit("a", "x");
        fail("w", givenOne("w", "x"));
        Outcome again = submit("b", awaited("x"));
        at(100).tick();
        fail("w", givenOne("w", "x"));
        List<Event> events = session("b").heard();
        assertThat(events).hasSize(1);
        assertThat(events.get(0).getRequestSeq()).isEqualTo(again.seq());
        assertThat(events.get(0).getJob().getFinished().getState()).isEqualTo(DEAD);
    }

    /** One submission may name a job several times; each is a wait of its own, all of one request. */
    @Test
    void oneSubmissionMayAwaitAJobTwice() {
        Outcome twice = submit("a", awaited("x"), newJob("x"), awaited("x"));
        assertThat(twice.reply().getJob().getSubmitted().getJobsCount()).isEqualTo(3);
        assertThat(count("jobAwaits")).isEqualTo(2);
        cancel("b", "x");
        assertThat(ends("a")).hasSize(2).allMatch(end -> end.getState() == CANCELED);
    }

    @Test
    void aPurgeOfWhatIsOverTellsNobodyAgain() {
        configure("a", retrying(1, 1));
        join("w", 2);
        submit("a", awaited("good"), awaited("bad"));
        List<JobAssigned> jobs = given("w", "good", "bad");
        succeed("w", jobs.get(0));
        fail("w", jobs.get(1));
        assertThat(ends("a")).hasSize(2);
        purge("a", PurgeQueue.newBuilder().setFinished(true).setDead(true));
        drain();
        assertThat(ends("a")).isEmpty();
        assertThat(count("jobs")).isZero();
    }

    /** So many attempts are over at once that one entry does not end them all; none of them completes a job. */
    @Test
    void anAttemptThatIsOverCompletesNothingBeforeItIsEnded() {
        join("w", 10);
        NewJob.Builder[] asked = new NewJob.Builder[10];
        for (int i = 0; i < asked.length; i++) {
            asked[i] = newJob("j" + i).setAttemptMillis(100);
        }
        submit("a", asked);
        JobAssigned last = given("w").get(9);
        cutSlices(1);
        at(100);
        succeed("w", last).refused(ErrorCode.EFENCED, "that lease has ended");
        assertThat(state("j9")).as("its row is there").isEqualTo(RUNNING);
        for (int i = 0; i < 20; i++) {
            tick();
        }
        assertThat(queue().getRunning()).isZero();
        assertThat(queue().getAttemptsFailed()).isEqualTo(10);
    }

    /** A job that is made anew under the id of a purged one is another one: it does not end with that. */
    @Test
    void theEndOfAPurgedJobIsNotThatOfItsSuccessor() {
        submit("a", awaited("x"));
        cutSlices(1);
        purge("a", PurgeQueue.newBuilder().setWaiting(true));
        Outcome later = submit("b", awaited("x"));
        drain();
        assertThat(ends("a")).singleElement().matches(end -> end.getState() == CANCELED);
        assertThat(ends("b")).isEmpty();
        join("w", 1);
        succeed("w", givenOne("w", "x"));
        ended("b", later.seq(), "x", SUCCEEDED, Actor.json("\"done\""));
    }
}
