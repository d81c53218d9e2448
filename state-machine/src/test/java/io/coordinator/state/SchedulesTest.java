package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CronTiming;
import io.coordinator.protocol.DeleteSchedule;
import io.coordinator.protocol.DueSchedule;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.InspectSchedule;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.JobRevoked;
import io.coordinator.protocol.JobState;
import io.coordinator.protocol.ListSchedules;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.OverlapPolicy;
import io.coordinator.protocol.PauseSchedule;
import io.coordinator.protocol.PurgeQueue;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.ScheduleAdvance;
import io.coordinator.protocol.ScheduleQuery;
import io.coordinator.protocol.ScheduleReply.OutcomeCase;
import io.coordinator.protocol.ScheduleSettings;
import io.coordinator.protocol.ScheduleSummary;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.protocol.TriggerSchedule;
import io.coordinator.testing.feature.Feature;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Schedules in the core: what leaders say of times, and what becomes of it. */
@Feature({"B-41", "EL-USE-2"})
class SchedulesTest extends ScheduleScript {
    private static final String AT_1 = "s@1970-01-01T00:00:01Z";
    private static final String AT_2 = "s@1970-01-01T00:00:02Z";
    private static final String AT_3 = "s@1970-01-01T00:00:03Z";

    // ---- a nominal time fires once ----

    @Test
    void aTimeBecomesAJobOfItsName() {
        set(everySecond()).gives(OutcomeCase.SET).changes(ChangeKind.PUT);
        assertThat(fire(1_000, 2_500)).isEqualTo(2);
        assertThat(told())
                .containsExactly(
                        "FIRED s {\"time\":\"1970-01-01T00:00:01Z\",\"fired\":1}",
                        "FIRED s {\"time\":\"1970-01-01T00:00:02.500Z\",\"fired\":2}");
        assertThat(list(JobState.WAITING)).containsExactly(AT_1, "s@1970-01-01T00:00:02.500Z");
        assertThat(inspect(AT_1).getSummary().getSchedule()).isEqualTo(SCHEDULE);
        assertThat(inspect(AT_1).getPayload()).isEqualTo(Actor.json("1"));
        ScheduleSummary summary = look();
        assertThat(summary.getFired()).isEqualTo(2);
        assertThat(summary.getLastFiredMillis()).isEqualTo(2_500);
        assertThat(summary.getLastJobId()).isEqualTo("s@1970-01-01T00:00:02.500Z");
        assertThat(summary.getUnfinished()).isEqualTo(2);
    }

    /** Two leaders have looked at the same row: what the second one says comes too late. */
    @Test
    void whatTwoLeadersProposeIsOneJob() {
        set(everySecond());
        ScheduleAdvance.Builder both = advance(1_000);
        assertThat(propose(both).getFired()).isEqualTo(1);
        assertThat(propose(both).getFired()).isZero();
        assertThat(told()).isEmpty();
        // One whose clock is ahead has seen the row before the other spoke.
        assertThat(propose(both.clone().addFireMillis(2_000).setDecidedMillis(2_000))
                        .getFired())
                .isZero();
        assertThat(list(JobState.WAITING)).containsExactly(AT_1);
    }

    @Test
    void decidedTimesOnlyGoForward() {
        set(everySecond());
        fire(1_000, 2_000);
        assertThat(fire(1_000)).isZero();
        assertThat(fire(2_000)).isZero();
        assertThat(fire(1_000, 3_000, 2_500, 3_000)).isEqualTo(1);
        assertThat(list(JobState.WAITING)).containsExactly(AT_1, AT_2, AT_3);
        assertThat(look().getProgress().getDecidedMillis()).isEqualTo(3_000);
        // A clock that went back says nothing.
        assertThat(propose(advance().setDecidedMillis(2_999)).getFired()).isZero();
        assertThat(look().getProgress().getDecidedMillis()).isEqualTo(3_000);
    }

    @Test
    void nothingFiresBehindWhatIsDecided() {
        set(everySecond());
        assertThat(propose(advance(1_000, 2_000).setDecidedMillis(1_500)).getFired())
                .isEqualTo(1);
        assertThat(look().getProgress().getDecidedMillis()).isEqualTo(1_500);
    }

    @Test
    void theNextLookIsNotBeforeWhatIsDecided() {
        set(everySecond());
        propose(advance(5_000).setNextMillis(7));
        assertThat(look().getProgress().getNextMillis()).isEqualTo(5_000);
        propose(advance(6_000).setNextMillis(-1));
        assertThat(look().getProgress().getNextMillis()).isZero();
        assertThat(due(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void missedTimesAreCounted() {
        set(everySecond());
        propose(advance(5_000).setMisfired(4));
        propose(advance().setMisfired(2).setDecidedMillis(7_000));
        assertThat(look().getMisfired()).isEqualTo(6);
        assertThat(look().getFired()).isEqualTo(1);
    }

    /** A schedule that was deleted and made again does not fire a time for the second time. */
    @Test
    void aJobThatIsRememberedIsNotSubmittedAgain() {
        set(everySecond());
        fire(1_000);
        delete();
        set(everySecond()).gives(OutcomeCase.SET);
        fire(1_000);
        assertThat(list(JobState.WAITING)).containsExactly(AT_1);
        there(0, 1, 0, 0, 0);
    }

    private void delete() {
        session("a")
                .send(schedule(b -> b.setDelete(DeleteSchedule.getDefaultInstance())))
                .changes(ChangeKind.DELETED);
    }

    @Test
    void onlyTheClusterAdvances() {
        set(everySecond());
        Command advance = command(advance(1_000));
        assertThat(refuse(advance)).isEmpty();
        Command ofClient =
                advance.toBuilder().setSessionId(session("a").id()).setSeq(9).build();
        assertThat(refuse(ofClient).orElseThrow().getCode()).isEqualTo(ErrorCode.EINVAL);
        session("a").send(advance.toBuilder()).refused(ErrorCode.EINVAL, "not for clients");
        session("a")
                .send(Command.newBuilder()
                        .setTransaction(TransactionCommand.newBuilder().addThen(advance)))
                .refused(ErrorCode.EINVAL);
        assertThat(list(JobState.WAITING)).isEmpty();
        assertThat(apply(schedule(b -> b.setPause(PauseSchedule.getDefaultInstance()))
                                .build())
                        .getError()
                        .getCode())
                .isEqualTo(ErrorCode.ESESSION);
    }

    /** What does not fit into a slice is left as it was, for another entry. */
    @Test
    void manyAreAdvancedInSlices() {
        withoutShadow();
        ScheduleAdvance.Builder[] all = new ScheduleAdvance.Builder[500];
        for (int i = 0; i < all.length; i++) {
            String name = "s-" + i;
            session("a")
                    .send(schedule(b -> b.setName(name).setSet(b.getSetBuilder().setSettings(everySecond()))));
        }
        List<DueSchedule> due = due(1);
        assertThat(due).hasSize(100); // A page.
        for (int i = 0; i < all.length; i++) {
            all[i] = ScheduleAdvance.newBuilder()
                    .setNamespace(Actor.NAMESPACE)
                    .setName("s-" + i)
                    .setVersion(core().query(Query.newBuilder()
                                    .setSchedule(ScheduleQuery.newBuilder()
                                            .setNamespace(Actor.NAMESPACE)
                                            .setName("s-" + i)
                                            .setInspect(InspectSchedule.getDefaultInstance()))
                                    .build())
                            .getSchedule()
                            .getInspection()
                            .getSummary()
                            .getProgress()
                            .getVersion())
                    .addFireMillis(1_000)
                    .setDecidedMillis(1_000)
                    .setNextMillis(2_000);
        }
        int done = propose(all).getDone();
        assertThat(done).isBetween(50, 499);
        assertThat(queue().getWaiting()).isEqualTo(done);
        int entries = 1;
        while (done < all.length) {
            done += propose(Arrays.copyOfRange(all, done, all.length)).getDone();
            entries++;
        }
        assertThat(entries).isLessThan(10);
        assertThat(queue().getWaiting()).isEqualTo(500);
    }

    // ---- settings ----

    @Test
    void aScheduleIsSetOnceAndChangedByOthers() {
        set(everySecond()).gives(OutcomeCase.SET).changes(ChangeKind.PUT);
        set(everySecond()).gives(OutcomeCase.SET).changes();
        setNew(everySecond()).gives(OutcomeCase.SET).changes();
        setNew(everySecond().setJitterMillis(5)).refused(ErrorCode.ECONFLICT, "other settings");
        set(everySecond().setJitterMillis(5)).changes(ChangeKind.PUT);
        assertThat(look().getSettings().getJitterMillis()).isEqualTo(5);
        assertThat(count("schedules")).isEqualTo(1);
        delete();
        assertThat(inspectSchedule().getExists()).isFalse();
        assertThat(count("schedules")).isZero();
    }

    /** Another payload is no reason to forget what is decided, or to look at it again. */
    @Test
    void anotherTimingStartsAnewAndOtherSettingsDoNot() {
        date(10_000);
        set(everySecond());
        fire(11_000);
        date(20_000);
        set(everySecond().setJitterMillis(1));
        assertThat(look().getProgress().getSetDateMillis()).isEqualTo(10_000);
        assertThat(look().getProgress().getNextMillis()).isEqualTo(12_000);
        set(everySecond().setEveryMillis(5_000));
        assertThat(look().getProgress().getSetDateMillis()).isEqualTo(20_000);
        assertThat(look().getProgress().getDecidedMillis()).isEqualTo(11_000);
        assertThat(due(1)).hasSize(1);
        set(everySecond().setCron(CronTiming.newBuilder().setExpression("0 3 * * *")));
        set(everySecond().setAtDateMillis(50_000));
        assertThat(look().getSettings().getAtDateMillis()).isEqualTo(50_000);
    }

    /** What the leader has seen no longer counts. */
    @Test
    void whoeverChangesItOvertakesTheLeader() {
        set(everySecond());
        ScheduleAdvance.Builder seen = advance(1_000);
        set(everySecond().setQueue("other"));
        assertThat(propose(seen).getFired()).isZero();
        seen = advance(1_000);
        pause(true);
        assertThat(propose(seen).getFired()).isZero();
        delete();
        assertThat(propose(seen).getFired()).isZero();
        assertThat(list(JobState.WAITING)).isEmpty();
    }

    @Test
    void aPausedScheduleIsNotLookedAt() {
        date(10_000);
        set(everySecond());
        fire(11_000);
        pause(true).gives(OutcomeCase.PAUSED).changes(ChangeKind.PUT);
        pause(true).changes();
        assertThat(due(Long.MAX_VALUE)).isEmpty();
        assertThat(fire(12_000)).isZero();
        // It goes on being paused, whoever sets it.
        set(everySecond().setJitterMillis(7));
        set(everySecond().setEveryMillis(2_000));
        assertThat(look().getSettings().getPaused()).isTrue();
        assertThat(due(Long.MAX_VALUE)).isEmpty();
        date(60_000);
        pause(false).changes(ChangeKind.PUT);
        assertThat(due(1)).hasSize(1);
        assertThat(look().getProgress().getResumedDateMillis()).isEqualTo(60_000);
        session("a").send(schedule(b -> b.setName("none").setPause(PauseSchedule.getDefaultInstance())));
    }

    @Test
    void aScheduleCanBeMadePaused() {
        set(everySecond().setPaused(true));
        assertThat(due(Long.MAX_VALUE)).isEmpty();
        pause(false);
        assertThat(due(Long.MAX_VALUE)).hasSize(1);
    }

    @Test
    void whatIsWrongWithSettings() {
        NewJob.Builder job = NewJob.newBuilder().setPayload(Actor.json("1"));
        refusedSet(everySecond().clearJob(), ErrorCode.EINVAL, "job is missing");
        refusedSet(everySecond().setJob(job.clone().setId("x")), ErrorCode.EINVAL, "job id");
        refusedSet(everySecond().setJob(job.clone().setSchedule("x")), ErrorCode.EINVAL, "schedule");
        refusedSet(everySecond().setJob(job.clone().setDelayMillis(1)), ErrorCode.EINVAL, "delay_millis");
        refusedSet(everySecond().setJob(job.clone().setAwait(true)), ErrorCode.EINVAL, "await");
        refusedSet(everySecond().setJob(job.clone().setAttemptMillis(-1)), ErrorCode.EINVAL, "attempt_millis");
        refusedSet(everySecond().setEveryMillis(999), ErrorCode.EINVAL, "every_millis");
        refusedSet(everySecond().setAtDateMillis(0), ErrorCode.EINVAL, "at_date_millis");
        refusedSet(everySecond().setStartDateMillis(-1), ErrorCode.EINVAL, "start_date_millis");
        refusedSet(everySecond().setJitterMillis(86_400_001), ErrorCode.EINVAL, "jitter_millis");
        refusedSet(everySecond().setMisfiresMax(101), ErrorCode.EINVAL, "misfires_max");
        refusedSet(everySecond().setCron(CronTiming.getDefaultInstance()), ErrorCode.EINVAL, "cron");
        refusedSet(everySecond().clearEveryMillis(), ErrorCode.EUNKNOWN, "timing");
        refusedSet(everySecond().setOverlapValue(9), ErrorCode.EUNKNOWN, "overlap");
        refusedSet(everySecond().setMisfireValue(9), ErrorCode.EUNKNOWN, "misfire");
        refusedSet(everySecond().setQueue(""), ErrorCode.EINVAL, "queue");
        String longest = "n".repeat(1_024 - "@1970-01-01T00:00:00.001Z".length());
        assertThat(refuse(named(longest))).isEmpty();
        assertThat(refuse(named(longest + "n")).orElseThrow().getCode()).isEqualTo(ErrorCode.ETOOLARGE);
    }

    private void refusedSet(ScheduleSettings.Builder settings, ErrorCode code, String message) {
        Command command = schedule(b -> b.setSet(b.getSetBuilder().setSettings(settings)))
                .setSessionId(session("a").id())
                .setSeq(1)
                .build();
        assertThat(refuse(command).orElseThrow().getCode()).isEqualTo(code);
        assertThat(refuse(command).orElseThrow().getMessage()).contains(message);
    }

    private Command named(String name) {
        return schedule(b -> b.setName(name).setSet(b.getSetBuilder().setSettings(everySecond())))
                .setSessionId(session("a").id())
                .setSeq(1)
                .build();
    }

    /** Or a client could pass for a schedule. */
    @Test
    void clientsDoNotSubmitInTheNameOfASchedule() {
        Command submit = command(b -> submitting(b, newJob("x").setSchedule(SCHEDULE)))
                .setSessionId(session("a").id())
                .setSeq(1)
                .build();
        assertThat(refuse(submit).orElseThrow().getMessage()).contains("schedule is set by schedules only");
    }

    // ---- overlap ----

    @Test
    void firingsWaitForEachOtherInTheQueue() {
        set(everySecond(OverlapPolicy.QUEUE_NEXT));
        assertThat(fire(1_000, 2_000)).isEqualTo(2);
        there(0, 2, 0, 0, 0);
    }

    @Test
    void aFiringIsSkippedWhileAnEarlierOneIsNotFinished() {
        set(everySecond(OverlapPolicy.SKIP_NEXT));
        assertThat(fire(1_000, 2_000)).isEqualTo(1);
        assertThat(told()).contains("SKIPPED s {\"time\":\"1970-01-01T00:00:02Z\",\"reason\":\"OVERLAP\"}");
        join("w", 1);
        JobAssigned first = givenOne("w", AT_1);
        assertThat(fire(3_000)).isZero();
        assertThat(look().getSkipped()).isEqualTo(2);
        succeed("w", first);
        assertThat(fire(4_000)).isEqualTo(1);
        assertThat(look().getUnfinished()).isEqualTo(1);
        // A dead one is over too.
        configure("w", retrying(1, 0));
        fail("w", givenOne("w", "s@1970-01-01T00:00:04Z"));
        assertThat(look().getUnfinished()).isZero();
        assertThat(fire(5_000)).isEqualTo(1);
    }

    @Test
    void jobsThatWerePurgedOrWhoseQueueIsGoneHoldUpNothing() {
        set(everySecond(OverlapPolicy.SKIP_NEXT));
        fire(1_000);
        purge("a", PurgeQueue.newBuilder().setWaiting(true));
        assertThat(fire(2_000)).isEqualTo(1);
        assertThat(fire(3_000)).isZero();
        delete("a");
        assertThat(fire(4_000)).isEqualTo(1);
        cancel("a", "s@1970-01-01T00:00:04Z");
        assertThat(fire(5_000)).isEqualTo(1);
    }

    @Test
    void jobsOfOthersAreNoneOfItsBusiness() {
        set(everySecond(OverlapPolicy.SKIP_NEXT));
        submit("a", "s@1970-01-01T00:00:09Z");
        assertThat(fire(1_000)).isEqualTo(1);
    }

    @Test
    void earlierJobsAreCancelled() {
        set(everySecond(OverlapPolicy.CANCEL_EARLIER));
        fire(1_000);
        fire(2_000);
        assertThat(state(AT_1)).isEqualTo(JobState.CANCELED);
        join("w", 1);
        JobAssigned second = givenOne("w", AT_2);
        fire(3_000);
        revoked("w", second, JobRevoked.Reason.CANCELLED);
        assertThat(state(AT_2)).isEqualTo(JobState.RUNNING);
        assertThat(state(AT_3)).isEqualTo(JobState.WAITING);
        complete("w", stopped(second));
        givenOne("w", AT_3);
    }

    @Test
    void aQueueThatIsFullSkips() {
        configure("a", QueueSettings.newBuilder().setJobsMax(1));
        set(everySecond());
        assertThat(fire(1_000, 2_000)).isEqualTo(1);
        assertThat(told()).contains("SKIPPED s {\"time\":\"1970-01-01T00:00:02Z\",\"reason\":\"QUEUE_FULL\"}");
        assertThat(look().getSkipped()).isEqualTo(1);
        trigger().refused(ErrorCode.EBUSY);
        assertThat(look().getFired()).isEqualTo(1);
    }

    // ---- jitter, trigger ----

    @Test
    void jitterDelaysByWhatNameAndTimeDecide() {
        set(everySecond().setJitterMillis(900));
        long[] times = new long[50];
        for (int i = 0; i < times.length; i++) {
            times[i] = (i + 1) * 1_000L;
        }
        fire(times);
        long waiting = queue().getWaiting();
        assertThat(queue().getDelayed() + waiting).isEqualTo(50);
        assertThat(waiting).isLessThan(3);
        List<Long> delays = list(JobState.DELAYED).stream()
                .map(id -> inspect(id).getSummary().getRemainingMillis())
                .toList();
        assertThat(delays).allMatch(delay -> delay > 0 && delay <= 900);
        assertThat(delays.stream().distinct().count()).isGreaterThan(30);
        at(1_000).tick();
        drain();
        there(0, 50, 0, 0, 0);
    }

    @Test
    void aTriggerIsAFiringBesideTheOthers() {
        set(everySecond(OverlapPolicy.SKIP_NEXT).setPaused(true));
        Outcome one = trigger().gives(OutcomeCase.TRIGGERED).changes(ChangeKind.SUBMITTED, ChangeKind.FIRED);
        Outcome other = trigger();
        String id = one.reply().getSchedule().getTriggered().getJobId();
        assertThat(id).startsWith("s@trigger-");
        assertThat(other.reply().getSchedule().getTriggered().getJobId()).isNotEqualTo(id);
        assertThat(one.reply().getSchedule().getTriggered().getQueue()).isEqualTo(QUEUE);
        assertThat(inspect(id).getSummary().getSchedule()).isEqualTo(SCHEDULE);
        assertThat(look().getFired()).isEqualTo(2);
        assertThat(look().getLastFiredMillis()).isZero();
        assertThat(look().getUnfinished()).isEqualTo(2);
        session("a")
                .send(schedule(b -> b.setName("none").setTrigger(TriggerSchedule.getDefaultInstance())))
                .refused(ErrorCode.EKEYNOTFOUND, "no schedule");
    }

    /** What the leader has seen still counts. */
    @Test
    void aTriggerDoesNotOvertakeTheLeader() {
        set(everySecond());
        ScheduleAdvance.Builder seen = advance(1_000);
        trigger();
        assertThat(propose(seen).getFired()).isEqualTo(1);
    }

    // ---- looking ----

    @Test
    void schedulesAreListedByNameAndDueOnesByTime() {
        for (String name : List.of("b", "a", "c")) {
            session("a")
                    .send(schedule(b -> b.setName(name).setSet(b.getSetBuilder().setSettings(everySecond()))));
        }
        assertThat(listSchedules(ListSchedules.newBuilder()).getSchedulesList())
                .extracting(ScheduleSummary::getName)
                .containsExactly("a", "b", "c");
        assertThat(listSchedules(ListSchedules.newBuilder().setLimit(1)).getMore())
                .isTrue();
        assertThat(listSchedules(ListSchedules.newBuilder()
                                .setAfterNamespace(Actor.NAMESPACE)
                                .setAfterName("a")
                                .setPrefix("b"))
                        .getSchedulesList())
                .extracting(ScheduleSummary::getName)
                .containsExactly("b");
        assertThat(due(0)).isEmpty();
        assertThat(due(1)).extracting(DueSchedule::getName).containsExactly("a", "b", "c");
        assertThat(due(1)).allMatch(due -> !due.getSettings().hasJob() && due.getPayloadBytes() == 1);
        ScheduleAdvance.Builder advance = ScheduleAdvance.newBuilder()
                .setNamespace(Actor.NAMESPACE)
                .setName("a")
                .setVersion(due(1).get(0).getProgress().getVersion())
                .setDecidedMillis(3_000)
                .setNextMillis(4_000);
        propose(advance);
        assertThat(due(3_999)).extracting(DueSchedule::getName).containsExactly("b", "c");
        assertThat(due(4_000)).extracting(DueSchedule::getName).containsExactly("b", "c", "a");
    }
}
