package io.coordinator.state;

import static io.coordinator.protocol.ChangeKind.CLEARED;
import static io.coordinator.protocol.ChangeKind.DELETED;
import static io.coordinator.protocol.ChangeKind.STARTED;
import static io.coordinator.protocol.ChangeKind.SUBMITTED;
import static io.coordinator.protocol.JobState.CANCELED;
import static io.coordinator.protocol.JobState.DELAYED;
import static io.coordinator.protocol.JobState.JOB_STATE_UNSPECIFIED;
import static io.coordinator.protocol.JobState.SUCCEEDED;
import static io.coordinator.protocol.JobState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ConfigureQueue;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.InspectQueue;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.JobList;
import io.coordinator.protocol.JobQuery;
import io.coordinator.protocol.JobReply;
import io.coordinator.protocol.JobRevoked;
import io.coordinator.protocol.JobSummary;
import io.coordinator.protocol.JoinQueue;
import io.coordinator.protocol.ListJobs;
import io.coordinator.protocol.ListQueues;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.PurgeQueue;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.QueueList;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.QueueSummary;
import io.coordinator.protocol.SubmitJobs;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole queues: their settings, who works for them, what is asked about them, and their end. */
@Feature("B-26")
class QueuesTest extends JobScript {
    private Outcome pause(boolean paused) {
        return job(
                "a",
                b -> b.setConfigure(ConfigureQueue.newBuilder()
                        .setSettings(QueueSettings.newBuilder().setPaused(paused))
                        .setOnlyPaused(true)));
    }

    private long purged(PurgeQueue.Builder purge) {
        return purge("a", purge).reply().getJob().getPurged().getCount();
    }

    // ---- settings ----

    @Test
    void aPausedQueueGivesNothingAndWhatRunsGoesOn() {
        configure("a", QueueSettings.newBuilder().setConcurrencyMax(5));
        join("w", 5);
        submit("a", "1");
        JobAssigned first = givenOne("w", "1");
        assertThat(pause(true).changes().reply().getJob().getConfigured().getCreated())
                .isFalse();
        submit("a", "2");
        succeed("w", first);
        given("w", new String[0]);
        assertThat(queue().getPaused()).isTrue();
        pause(false);
        given("w", "2");
        QueueSettings settings = ask(b -> b.setInspectQueue(InspectQueue.getDefaultInstance()))
                .getQueue()
                .getSettings();
        assertThat(settings)
                .isEqualTo(QueueSettings.newBuilder().setConcurrencyMax(5).build());
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        configure("a", QueueSettings.newBuilder().setJobsMax(-1)).refused(ErrorCode.EINVAL, "jobs_max");
        QueueSettings.Builder settings = retrying(1, 1);
        settings.getRetryBuilder().setFactorPercent(50);
        configure("a", settings).refused(ErrorCode.EINVAL, "factor_percent");
        submit("a", newJob("x").setDelayMillis(-1)).refused(ErrorCode.EINVAL, "delay_millis");
        submit("a", newJob("x").setPayload(ByteString.copyFromUtf8("{"))).refused(ErrorCode.EINVAL, "payload");
        purge("a", PurgeQueue.newBuilder()).refused(ErrorCode.EINVAL, "waiting, finished, dead");
        job("a", b -> b.setSubmit(SubmitJobs.getDefaultInstance())).refused(ErrorCode.EINVAL, "jobs");
        job("a", b -> b.setJoin(JoinQueue.getDefaultInstance())).refused(ErrorCode.EINVAL, "concurrency");
        assertThat(count("queues")).isZero();
    }

    // ---- workers ----

    @Test
    void aWorkerThatDrainsMayCompleteWhatItHas() {
        long member = join("w", 2);
        submit("a", "1", "2");
        List<JobAssigned> jobs = given("w");
        assertThat(leave("w", member, true)).isTrue();
        submit("a", "3");
        given("w", new String[0]);
        succeed("w", jobs.get(0));
        assertThat(queue().getWorkers()).isEqualTo(1);
        succeed("w", jobs.get(1));
        assertThat(queue().getWorkers()).isZero();
        assertThat(leave("w", member, true)).isFalse();
    }

    @Test
    void whatAWorkerHasThatLeavesGoesToOthers() {
        long member = join("w", 2);
        submit("a", "1", "2");
        List<JobAssigned> jobs = given("w");
        join("v", 2);
        assertThat(leave("v", member, false)).isFalse();
        assertThat(leave("w", member, false)).isTrue();
        assertThat(given("v", "1", "2")).extracting(JobAssigned::getAttempt).containsOnly(1);
        succeed("w", jobs.get(0)).refused(ErrorCode.EFENCED, "another worker has it");
        assertThat(queue().getWorkers()).isEqualTo(1);
    }

    @Test
    void workersAreListed() {
        at(5).session("w");
        long member = join("w", 3);
        submit("a", "1");
        List<PoolMember> workers = ask(b -> b.setInspectQueue(InspectQueue.getDefaultInstance()))
                .getQueue()
                .getWorkersList();
        assertThat(workers).hasSize(1);
        assertThat(workers.get(0).getTicket()).isEqualTo(member);
        assertThat(workers.get(0).getClientName()).isEqualTo("w");
        assertThat(workers.get(0).getLeased()).isEqualTo(1);
        assertThat(workers.get(0).getJoinedAtMillis()).isEqualTo(5);
    }

    // ---- the whole queue ----

    @Test
    void aPurgeTakesAwayWhatItNames() {
        configure("a", retrying(1, 1));
        join("w", 1);
        submit("a", "good", "bad", "runs", "waits");
        submit("a", newJob("later").setDelayMillis(1_000).setAwait(true));
        succeed("w", givenOne("w", "good"));
        fail("w", givenOne("w", "bad"));
        assertThat(purged(PurgeQueue.newBuilder().setFinished(true))).isEqualTo(1);
        assertThat(last().changes().get(0).getKind()).isEqualTo(CLEARED);
        there(1, 1, 1, 1, 0);
        assertThat(purged(PurgeQueue.newBuilder().setWaiting(true))).isEqualTo(2);
        assertThat(ends("a"))
                .hasSize(1)
                .allMatch(end -> end.getState() == CANCELED && end.getId().equals("later"));
        there(0, 0, 1, 1, 0);
        assertThat(purged(PurgeQueue.newBuilder().setDead(true).setFinished(true)))
                .isEqualTo(1);
        there(0, 0, 1, 0, 0);
        purge("a", PurgeQueue.newBuilder().setWaiting(true).setDead(true).setFinished(true))
                .changes();
        at(10_000).tick();
        assertThat(count("jobs")).isEqualTo(1);
        succeed("w", givenOne("w", "runs"));
        submit("a", "waits").changes(SUBMITTED, STARTED);
    }

    @Test
    void aDeletedQueueIsGoneAndItsWorkersAreTold() {
        join("w", 1);
        submit("a", newJob("1"), newJob("2").setAwait(true));
        JobAssigned job = givenOne("w", "1");
        assertThat(delete("b").changes(DELETED).reply().getJob().getDeleted().getExisted())
                .isTrue();
        assertThat(delete("b").changes().reply().getJob().getDeleted().getExisted())
                .isFalse();
        drain();
        List<Event> events = session("w").heard();
        assertThat(events).hasSize(2);
        assertThat(events.get(0).getJob().getRevoked().getReason()).isEqualTo(JobRevoked.Reason.DELETED);
        assertThat(events.get(1).getJob().getEnded().getReason()).contains("deleted");
        assertThat(events.get(1).getJob().getQueue()).isEqualTo(QUEUE);
        assertThat(ends("a")).hasSize(1).allMatch(end -> end.getState() == CANCELED);
        succeed("w", job).refused(ErrorCode.EFENCED);
        for (String what : List.of("queues", "queueWorkers", "jobs", "jobSteps", "jobAwaits")) {
            assertThat(count(what)).as(what).isZero();
        }
        assertThat(submit("a", "1").reply().getJob().getSubmitted().getJobs(0).getCreated())
                .isTrue();
    }

    // ---- looking ----

    @Test
    void jobsAreListedByIdAndByState() {
        submit("a", "b", "c", "a");
        submit("a", newJob("d").setDelayMillis(900), newJob("e").setDelayMillis(100));
        assertThat(ids(ListJobs.newBuilder().setLimit(2))).containsExactly("a", "b", "c", "d", "e");
        assertThat(ids(ListJobs.newBuilder().setState(WAITING).setLimit(1))).containsExactly("b", "c", "a");
        assertThat(list(DELAYED)).containsExactly("e", "d");
        cancel("a", "c");
        ListJobs.Builder behind = ListJobs.newBuilder().setState(WAITING).setAfterId("c");
        assertThat(query(Query.newBuilder()
                                .setJob(JobQuery.newBuilder()
                                        .setNamespace(Actor.NAMESPACE)
                                        .setQueue(QUEUE)
                                        .setList(behind)))
                        .getError()
                        .getCode())
                .isEqualTo(ErrorCode.EKEYNOTFOUND);
        assertThat(list(CANCELED)).containsExactly("c");
        assertThat(list(SUCCEEDED)).isEmpty();
        assertThat(inspect("none").getExists()).isFalse();
        assertThat(state("none")).isEqualTo(JOB_STATE_UNSPECIFIED);
    }

    private List<String> ids(ListJobs.Builder list) {
        List<String> ids = new ArrayList<>();
        JobList page = JobList.newBuilder().setMore(true).build();
        while (page.getMore()) {
            page = ask(b -> b.setList(list)).getJobs();
            ids.addAll(page.getJobsList().stream().map(JobSummary::getId).toList());
            list.setAfterId(ids.get(ids.size() - 1));
        }
        return ids;
    }

    @Test
    void queuesAreListedWithWhatTheyHave() {
        at(100);
        submit("a", "1", "2");
        session("a").send(command("p", b -> submitting(b, newJob("3"))));
        session("a")
                .send(command("other", b -> b.setConfigure(ConfigureQueue.getDefaultInstance())))
                .gives(JobReply.OutcomeCase.CONFIGURED);
        at(600).tick();
        QueueList all = ask(b -> b.clearNamespace()
                        .clearQueue()
                        .setListQueues(ListQueues.newBuilder().setLimit(2)))
                .getQueues();
        assertThat(all.getQueuesList()).extracting(QueueSummary::getQueue).containsExactly("other", "p");
        assertThat(all.getMore()).isTrue();
        QueueList rest = ask(b -> b.clearQueue()
                        .setListQueues(ListQueues.newBuilder()
                                .setAfterNamespace(Actor.NAMESPACE)
                                .setAfterQueue("p")))
                .getQueues();
        assertThat(rest.getQueuesList()).extracting(QueueSummary::getWaiting).containsExactly(2L);
        assertThat(rest.getQueues(0).getOldestWaitMillis()).isEqualTo(500);
    }
}
