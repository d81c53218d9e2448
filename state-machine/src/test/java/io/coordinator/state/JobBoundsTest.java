package io.coordinator.state;

import static io.coordinator.protocol.JobState.DEAD;
import static io.coordinator.protocol.JobState.JOB_STATE_UNSPECIFIED;
import static io.coordinator.protocol.JobState.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CancelAwait;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.JobEnd;
import io.coordinator.protocol.JobList;
import io.coordinator.protocol.JobQuery;
import io.coordinator.protocol.JobReply;
import io.coordinator.protocol.JobSummary;
import io.coordinator.protocol.JoinQueue;
import io.coordinator.protocol.ListJobs;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.PurgeQueue;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Budget;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Queues at their limits, and how much one entry does when there is very much. */
@Feature({"B-26", "G-15"})
@Tag("slow")
class JobBoundsTest extends JobScript {
    private static final int SUBMITTED_MAX = 1_000;
    private static final int SESSION_AWAITS_MAX = 10_000;
    private static final int JOB_AWAITS_MAX = 100_000;
    private static final int WORKERS_MAX = 10_000;
    /** Of a job whose payload takes a sixteenth of what a session may leave unacknowledged. */
    private static final String MIB = "\"" + "x".repeat((1 << 20) - 2) + "\"";

    @BeforeEach
    void oneReplica() {
        withoutShadow();
    }

    /** As a client does that reads what it is answered. */
    private Outcome acked(String session, Command.Builder command) {
        session(session).acks(session(session).sent().getSeq());
        return session(session).send(command);
    }

    private static NewJob.Builder[] many(String prefix, int from, int count) {
        NewJob.Builder[] jobs = new NewJob.Builder[count];
        for (int i = 0; i < count; i++) {
            jobs[i] = newJob(prefix + (from + i));
        }
        return jobs;
    }

    private Outcome submitAcked(String session, NewJob.Builder... jobs) {
        return acked(session, command(b -> submitting(b, jobs)));
    }

    /** How many jobs a submission has made or found. */
    private static int submitted(Outcome outcome) {
        return outcome.gives(JobReply.OutcomeCase.SUBMITTED)
                .reply()
                .getJob()
                .getSubmitted()
                .getJobsCount();
    }

    /** The first command of a session, which the node that was asked did not look at. */
    private Reply applied(String session, Command.Builder command) {
        return apply(command.setSessionId(session(session).id()).setSeq(1).build());
    }

    // ---- submissions ----

    @Test
    void aThousandJobsAreSubmittedTogetherAndNoMore() {
        assertThat(submitted(submit("a", many("j", 0, SUBMITTED_MAX)))).isEqualTo(SUBMITTED_MAX);
        NewJob.Builder[] more = many("k", 0, SUBMITTED_MAX + 1);
        submit("a", more)
                .refused(ErrorCode.EINVAL, "the number of jobs is 1001")
                .changes();
        Reply unasked = applied("b", command(b -> submitting(b, more)));
        assertThat(unasked.getError().getCode()).isEqualTo(ErrorCode.EINVAL);
        assertThat(unasked.getError().getMessage()).contains("1001 jobs in one submission");
        there(0, SUBMITTED_MAX, 0, 0, 0);
    }

    @Test
    void deadJobsTakeRoomUntilTheyAreRedrivenOrPurged() {
        configure("a", retrying(1, 1).setJobsMax(2));
        join("w", 2);
        submit("a", "1", "2");
        List<JobAssigned> jobs = given("w");
        fail("w", jobs.get(0));
        succeed("w", jobs.get(1));
        submit("a", "3");
        submit("a", "4").refused(ErrorCode.EBUSY, "2 jobs that are not finished");
        // One that was finished would be one more; one that is dead is there already.
        rerun("a", "2", false).refused(ErrorCode.EBUSY, "redrive or purge");
        rerun("a", "1", false).gives(JobReply.OutcomeCase.RERUN);
        fail("w", given("w").get(1));
        purge("a", PurgeQueue.newBuilder().setDead(true));
        rerun("a", "2", false).gives(JobReply.OutcomeCase.RERUN);
    }

    @Test
    void aThousandDeadJobsAreRedrivenAtATime() {
        configure("a", retrying(1, 1));
        join("w", WORKERS_MAX);
        for (int i = 0; i < 2; i++) {
            submitAcked("a", many("j", i * SUBMITTED_MAX, SUBMITTED_MAX));
        }
        drain();
        for (JobAssigned job : given("w")) {
            acked("w", completion(failure(job, "no")));
        }
        there(0, 0, 0, 2 * SUBMITTED_MAX, 0);
        var redriven = redrive("a", 5_000).reply().getJob().getRedriven();
        assertThat(redriven.getCount()).isEqualTo(SUBMITTED_MAX);
        assertThat(redriven.getMore()).isTrue();
        assertThat(list(DEAD)).hasSize(100);
    }

    // ---- awaits ----

    @Test
    void aSessionAwaitsSoManyJobsAndNoMore() {
        for (int i = 0; i < SESSION_AWAITS_MAX; i += SUBMITTED_MAX) {
            NewJob.Builder[] jobs = many("j", i, SUBMITTED_MAX);
            for (NewJob.Builder job : jobs) {
                job.setAwait(true);
            }
            assertThat(submitted(submitAcked("a", jobs))).isEqualTo(SUBMITTED_MAX);
        }
        assertThat(count("jobAwaits")).isEqualTo(SESSION_AWAITS_MAX);
        long first = session("a").sent().getSeq();
        submitAcked("a", newJob("more").setAwait(true))
                .refused(ErrorCode.ENOSPACE, "10000 jobs that it awaits")
                .changes();
        await("a", "j1").refused(ErrorCode.ENOSPACE, "10000 jobs that it awaits");
        // Others may, and so may whoever gives some up.
        await("b", "j1").gives(JobReply.OutcomeCase.AWAITED);
        submitAcked("a", newJob("unawaited")).gives(JobReply.OutcomeCase.SUBMITTED);
        job("a", b -> b.setCancelAwait(CancelAwait.newBuilder().setRequestSeq(first)));
        await("a", "j1").gives(JobReply.OutcomeCase.AWAITED);
        assertThat(count("jobAwaits")).isEqualTo(SESSION_AWAITS_MAX - SUBMITTED_MAX + 2);
    }

    /** Whichever way they ask for it: also those who submit what is there already. */
    @Test
    void aJobIsAwaitedSoManyTimesAndAllAreToldBitByBit() {
        submit("a", "x");
        NewJob.Builder[] again = new NewJob.Builder[SUBMITTED_MAX];
        for (int i = 0; i < again.length; i++) {
            again[i] = newJob("x").setAwait(true);
        }
        for (int i = 0; i < JOB_AWAITS_MAX; i += SUBMITTED_MAX) {
            submitAcked("s" + i / SESSION_AWAITS_MAX, again).gives(JobReply.OutcomeCase.SUBMITTED);
        }
        assertThat(count("jobAwaits")).isEqualTo(JOB_AWAITS_MAX);
        await("late", "x").refused(ErrorCode.ENOSPACE, "100000 requests wait");
        submit("late", newJob("x").setAwait(true), newJob("y"))
                .refused(ErrorCode.ENOSPACE, "100000 requests wait")
                .changes();
        assertThat(inspect("y").getExists()).isFalse();
        assertThat(submitted(submit("late", newJob("x"), newJob("z").setAwait(true))))
                .isEqualTo(2);
        expire("s0");
        drain();
        await("late", "x").gives(JobReply.OutcomeCase.AWAITED);

        join("w", 1);
        succeed("w", givenOne("w", "x"));
        assertThat(steps()).isLessThan(2 * Budget.SLICE_STEPS);
        while (core().hasWorkLeft()) {
            tick();
            assertThat(steps()).isLessThan(2 * Budget.SLICE_STEPS);
        }
        for (int i = 1; i < JOB_AWAITS_MAX / SESSION_AWAITS_MAX; i++) {
            assertThat(ends("s" + i))
                    .hasSize(SESSION_AWAITS_MAX)
                    .extracting(JobEnd::getState)
                    .containsOnly(SUCCEEDED);
        }
        assertThat(ends("late")).hasSize(1);
    }

    // ---- workers ----

    private Command.Builder joining(String queue, int concurrency) {
        return command(queue, b -> b.setJoin(JoinQueue.newBuilder().setConcurrency(concurrency)));
    }

    private void joinMany(String session, String queue, int count) {
        for (int i = 0; i < count; i++) {
            acked(session, joining(queue, 1)).gives(JobReply.OutcomeCase.JOINED);
        }
    }

    @Test
    void aWorkerTakesSoManyJobsAtATimeAndNoMore() {
        session("a").send(joining(QUEUE, 10_001)).refused(ErrorCode.EINVAL, "concurrency is 10001");
        session("a").send(joining(QUEUE, 0)).refused(ErrorCode.EINVAL, "concurrency");
        session("a").send(joining(QUEUE, -1)).refused(ErrorCode.EINVAL, "concurrency");
        assertThat(applied("b", joining(QUEUE, 10_001)).getError().getMessage()).contains("use 1 to 10000");
        assertThat(applied("c", joining(QUEUE, 0)).getError().getMessage()).contains("use 1 to 10000");
        assertThat(applied("d", joining(QUEUE, -1)).getError().getMessage()).contains("4294967295");
        session("a").send(joining(QUEUE, 10_000)).gives(JobReply.OutcomeCase.JOINED);
        assertThat(queue().getWorkers()).isEqualTo(1);
    }

    @Test
    void aSessionHasSoManyWorkersInAllQueuesAndAQueueSoMany() {
        joinMany("a", "q", WORKERS_MAX - 1);
        joinMany("a", "r", 1);
        acked("a", joining("s", 1)).refused(ErrorCode.ENOSPACE, "10000 queues that it works for");
        joinMany("b", "q", 1);
        acked("b", joining("q", 1)).refused(ErrorCode.ENOSPACE, "has 10000 workers");
        joinMany("b", "s", 1);
        expire("a");
        assertThat(steps()).isLessThan(2 * Budget.SLICE_STEPS);
        drain();
        assertThat(count("queueWorkers")).isEqualTo(2);
        joinMany("b", "q", 1);
    }

    // ---- who does not acknowledge ----

    /** It is given as much as it may leave unheard, others get the rest, and it goes on when it has heard. */
    @Test
    @Feature({"C-06", "C-09", "G-12"})
    void aWorkerThatDoesNotHearIsPassedOverUntilItDoes() {
        join("w", 100);
        for (int i = 0; i < 24; i++) {
            submitAcked("a", newJob("j" + i).setPayload(Actor.json(MIB)));
        }
        drain();
        assertThat(given("w")).hasSizeBetween(15, 17);
        int first = (int) queue().getRunning();
        join("v", 3);
        drain();
        assertThat(given("v")).hasSize(3);
        submitAcked("w", newJob("awaited").setAwait(true)).refused(ErrorCode.EBUSY, "acknowledge");
        acked("w", joining("other", 1)).refused(ErrorCode.EBUSY, "acknowledge");
        hear("w");
        assertThat(given("w")).hasSize(24 - first - 3);
        there(0, 0, 24, 0, 0);
    }

    @Test
    @Feature({"C-06", "C-09", "G-12"})
    void allQueuesOfASessionThatHearsAgainGoOnBitByBit() {
        cutSlices(1);
        for (int i = 0; i < 4; i++) {
            acked("w", joining("q" + i, 100)).gives(JobReply.OutcomeCase.JOINED);
        }
        for (int i = 0; i < 24; i++) {
            NewJob.Builder job = newJob("j" + i).setPayload(Actor.json(MIB));
            acked("a", command("q" + i % 4, b -> submitting(b, job))).gives(JobReply.OutcomeCase.SUBMITTED);
        }
        drain();
        int first = given("w").size();
        assertThat(first).isBetween(15, 17);
        int entries = hear("w");
        assertThat(entries).isGreaterThan(4);
        assertThat(given("w")).hasSize(24 - first);
    }

    /** What a session was told is acknowledged; returns how many entries what follows took. */
    private int hear(String session) {
        List<Event> pending = core().pendingEvents(session(session).id());
        session(session).acksEvents(pending.get(pending.size() - 1).getNumber());
        acked(
                session,
                command("any", b -> b.setCancelAwait(CancelAwait.newBuilder().setRequestSeq(1))));
        return drain();
    }

    /** Large payloads are given a few in one entry, however many workers wait for them. */
    @Test
    @Feature("C-06")
    void largePayloadsAreGivenBitByBit() {
        configure("a", QueueSettings.newBuilder().setPaused(true));
        for (int i = 0; i < 10; i++) {
            submitAcked("a", newJob("j" + i).setPayload(Actor.json(MIB)));
        }
        for (int i = 0; i < 10; i++) {
            join("w" + i, 1);
        }
        configure("a", QueueSettings.newBuilder());
        assertThat(core().hasWorkLeft()).isTrue();
        int entries = 1;
        long running = queue().getRunning();
        assertThat(running).isBetween(1L, 2L);
        while (core().hasWorkLeft()) {
            tick();
            entries++;
            assertThat(queue().getRunning() - running).isLessThanOrEqualTo(2);
            running = queue().getRunning();
        }
        assertThat(entries).isGreaterThanOrEqualTo(5);
        assertThat(running).isEqualTo(10);
    }

    // ---- keys ----

    /** No key is looked at. */
    @Test
    @Feature("C-09")
    void howManyOfAKeyMayRunIsChangedHoweverManyKeysThereAre() {
        int keys = 20_000;
        for (int i = 0; i < keys; i += SUBMITTED_MAX / 2) {
            NewJob.Builder[] jobs = many("j", 2 * i, SUBMITTED_MAX);
            for (int j = 0; j < jobs.length; j++) {
                jobs[j].setKey("k" + (i + j / 2));
            }
            submitAcked("a", jobs);
        }
        join("w", 10);
        List<JobAssigned> first = given("w");
        assertThat(first).hasSize(10);
        configure("a", QueueSettings.newBuilder().setKeyConcurrencyMax(2));
        assertThat(steps()).isLessThan(500);
        succeed("w", first.get(0));
        // The first one of another key is older, and the second one of the first key older still.
        assertThat(given("w")).extracting(JobAssigned::getId).containsExactly("j1");
        join("v", 8);
        assertThat(given("v"))
                .extracting(JobAssigned::getId)
                .containsExactly("j3", "j5", "j7", "j9", "j11", "j13", "j15", "j17");
        configure("a", QueueSettings.newBuilder());
        succeed("w", first.get(1));
        assertThat(given("w")).extracting(JobAssigned::getId).containsExactly("j20");
    }

    // ---- lists ----

    private Answer listed(String after) {
        return query(Query.newBuilder()
                .setJob(JobQuery.newBuilder()
                        .setNamespace(Actor.NAMESPACE)
                        .setQueue(QUEUE)
                        .setList(ListJobs.newBuilder()
                                .setState(JOB_STATE_UNSPECIFIED)
                                .setAfterId(after))));
    }

    /** All pages, as a client asks for them; null if it is told to ask again later. */
    private List<String> listAll() {
        List<String> ids = new ArrayList<>();
        String after = "";
        while (true) {
            Answer answer = listed(after);
            if (answer.hasError()) {
                assertThat(answer.getError().getCode()).isEqualTo(ErrorCode.EBUSY);
                assertThat(answer.getError().getMessage()).contains("were purged", "ask again");
                assertThat(answer.getError().getRetryAfterMillis()).isPositive();
                return List.of();
            }
            JobList page = answer.getJob().getJobs();
            page.getJobsList().stream().map(JobSummary::getId).forEach(ids::add);
            if (!page.getMore()) {
                return ids;
            }
            assertThat(page.getJobsCount()).as("a page that has more behind it").isPositive();
            after = page.getJobs(page.getJobsCount() - 1).getId();
        }
    }

    @Test
    @Feature("C-09")
    void aListNamesAPlaceToGoOnAlsoDuringAPurge() {
        for (int i = 0; i < 2_400; i += 800) {
            submitAcked("a", many("m", i, 800));
        }
        join("w", 1);
        cutSlices(1);
        purge("a", PurgeQueue.newBuilder().setWaiting(true));
        submit("a", "a", "z");
        assertThat(listed("").getJob().getJobs().getJobsList())
                .extracting(JobSummary::getId)
                .containsExactly("a", "m0");
        assertThat(listed("").getJob().getJobs().getMore()).isTrue();
        assertThat(listAll()).as("too much was purged to go on yet").isEmpty();
        // In time the list is whole again.
        int entries = 0;
        while (listAll().isEmpty()) {
            assertThat(core().hasWorkLeft()).isTrue();
            tick();
            entries++;
        }
        assertThat(entries).isBetween(1, 2_400);
        assertThat(core().hasWorkLeft()).as("the purge still goes on").isTrue();
        assertThat(listAll()).containsExactly("a", "m0", "z");
        drain();
        assertThat(listAll()).containsExactly("a", "m0", "z");
        there(0, 2, 1, 0, 0);
    }
}
