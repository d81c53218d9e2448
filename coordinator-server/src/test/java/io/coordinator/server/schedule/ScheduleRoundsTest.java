package io.coordinator.server.schedule;

import static io.coordinator.server.schedule.ScheduledCore.job;
import static io.coordinator.server.schedule.ScheduledCore.millis;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CronTiming;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.MisfirePolicy;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.ScheduleSettings;
import io.coordinator.server.propose.Proposal;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What leaders propose by their clocks, against the real core. */
@Feature({"B-41", "EL-USE-2"})
class ScheduleRoundsTest {
    private final ScheduledCore core = new ScheduledCore();

    private static ScheduleSettings.Builder cron(String expression, String zone) {
        return job().setCron(CronTiming.newBuilder().setExpression(expression).setZone(zone));
    }

    private static ScheduleSettings.Builder hourly() {
        return cron("0 * * * *", "");
    }

    private static ScheduleSettings.Builder everySecond() {
        return job().setEveryMillis(1_000);
    }

    // ---- in time ----

    @Test
    void firesWhenTheTimeHasComeAndNotBefore() {
        core.set("2026-01-05T02:30:00Z", "s", hourly());
        ScheduledCore.Leader leader = core.leader("2026-01-05T02:30:00.050Z");
        leader.round();
        assertThat(core.fired("s")).isEmpty();
        assertThat(core.look("s").getProgress().getNextMillis()).isEqualTo(millis("2026-01-05T03:00:00Z"));
        leader.clock("2026-01-05T02:59:59.999Z");
        assertThat(leader.round()).isZero();
        leader.clock("2026-01-05T03:00:00Z");
        assertThat(leader.round()).isEqualTo(1);
        assertThat(leader.round()).isZero();
        leader.clock("2026-01-05T04:00:00.040Z");
        leader.round();
        assertThat(core.fired("s")).containsExactly("2026-01-05T03:00:00Z", "2026-01-05T04:00:00Z");
        assertThat(core.look("s").getMisfired()).isZero();
    }

    @Test
    void aNodeThatDoesNotLeadProposesNothing() {
        core.set("2026-01-05T02:30:00Z", "s", hourly());
        ScheduledCore.Leader leader = core.leader("2026-01-05T05:00:00Z");
        leader.leads(false);
        assertThat(leader.look()).isEmpty();
    }

    /** What was set while nobody led is counted from when it was set. */
    @Test
    void aScheduleBeginsWhenItIsSet() {
        core.set("2026-01-05T02:59:58Z", "s", hourly());
        core.set("2026-01-05T02:59:58.300Z", "r", everySecond());
        core.leader("2026-01-05T03:00:01Z").round();
        assertThat(core.fired("s")).containsExactly("2026-01-05T03:00:00Z");
        assertThat(core.fired("r")).containsExactly("2026-01-05T02:59:59.300Z", "2026-01-05T03:00:00.300Z");
    }

    @Test
    void aFixedRateFromAStart() {
        core.set("2026-01-05T03:00:00Z", "s", everySecond().setStartDateMillis(millis("2026-01-05T03:00:10Z")));
        ScheduledCore.Leader leader = core.leader("2026-01-05T03:00:09Z");
        leader.round();
        assertThat(core.fired("s")).isEmpty();
        leader.clock("2026-01-05T03:00:11Z");
        leader.round();
        assertThat(core.fired("s")).containsExactly("2026-01-05T03:00:10Z", "2026-01-05T03:00:11Z");
    }

    @Test
    void oneDateFiresOnceAlsoIfItHasPassed() {
        core.set("2026-01-05T03:00:00Z", "s", job().setAtDateMillis(millis("2026-01-05T03:00:10Z")));
        core.set("2026-01-05T03:00:00Z", "past", job().setAtDateMillis(millis("2026-01-04T03:00:00Z")));
        core.set(
                "2026-01-05T03:00:00Z",
                "none",
                job().setAtDateMillis(millis("2026-01-04T03:00:00Z")).setMisfire(MisfirePolicy.FIRE_NONE));
        ScheduledCore.Leader leader = core.leader("2026-01-05T03:00:00Z");
        leader.round();
        assertThat(core.fired("s")).isEmpty();
        assertThat(core.fired("past")).containsExactly("2026-01-04T03:00:00Z");
        assertThat(core.fired("none")).isEmpty();
        assertThat(core.look("none").getMisfired()).isEqualTo(1);
        leader.clock("2026-01-05T03:00:10Z");
        leader.round();
        leader.clock("2027-01-05T03:00:10Z");
        assertThat(leader.round()).isZero();
        assertThat(core.fired("s")).containsExactly("2026-01-05T03:00:10Z");
        assertThat(core.look("s").getProgress().getNextMillis()).isZero();
    }

    @Test
    void anotherTimingDoesNotReachIntoThePast() {
        core.set("2026-01-05T03:30:00Z", "s", hourly());
        ScheduledCore.Leader leader = core.leader("2026-01-05T04:30:00Z");
        leader.round();
        core.set("2026-01-05T04:30:00Z", "s", everySecond());
        leader.clock("2026-01-05T04:30:01.500Z");
        leader.round();
        assertThat(core.fired("s")).containsExactly("2026-01-05T04:00:00Z", "2026-01-05T04:30:01Z");
    }

    @Test
    void timesOfAPauseAreNeitherFiredNorMissed() {
        core.set("2026-01-05T02:30:00Z", "s", hourly());
        ScheduledCore.Leader leader = core.leader("2026-01-05T02:30:00Z");
        leader.round();
        core.pause("2026-01-05T02:40:00Z", "s", true);
        leader.clock("2026-01-05T05:30:00Z");
        assertThat(leader.round()).isZero();
        core.pause("2026-01-05T05:30:00Z", "s", false);
        leader.round();
        leader.clock("2026-01-05T06:00:00Z");
        leader.round();
        assertThat(core.fired("s")).containsExactly("2026-01-05T06:00:00Z");
        assertThat(core.look("s").getMisfired()).isZero();
    }

    // ---- clocks that jump ----

    /** It fires early, by the wrong clock, and not again when the clock is right. */
    @Test
    void aClockThatJumpsForwardFiresNothingTwice() {
        core.set("2026-01-05T02:30:00Z", "s", cron("*/10 * * * *", ""));
        ScheduledCore.Leader leader = core.leader("2026-01-05T02:30:00Z");
        leader.round();
        leader.clock("2026-01-05T02:40:00Z");
        leader.round();
        leader.clock("2026-01-05T03:40:00Z");
        leader.round();
        assertThat(core.fired("s")).containsExactly("2026-01-05T02:40:00Z", "2026-01-05T03:40:00Z");
        assertThat(core.look("s").getMisfired()).isEqualTo(5);
        for (int minute = 41; minute <= 99; minute++) {
            leader.clock(millis("2026-01-05T02:00:00Z") + minute * 60_000L);
            leader.round();
        }
        assertThat(core.fired("s")).hasSize(2);
        leader.clock("2026-01-05T03:50:00Z");
        leader.round();
        assertThat(core.fired("s"))
                .containsExactly("2026-01-05T02:40:00Z", "2026-01-05T03:40:00Z", "2026-01-05T03:50:00Z");
    }

    @Test
    void aClockThatJumpsBackFiresNothingUntilItHasPassed() {
        core.set("2026-01-05T02:30:00Z", "s", cron("*/10 * * * *", ""));
        ScheduledCore.Leader leader = core.leader("2026-01-05T02:30:00Z");
        leader.round();
        leader.clock("2026-01-05T02:40:00Z");
        leader.round();
        List<String> first = core.fired("s");
        for (int minute = -20; minute < 50; minute++) {
            leader.clock(millis("2026-01-05T02:00:00Z") + minute * 60_000L);
            assertThat(leader.round()).isZero();
        }
        assertThat(core.fired("s")).isEqualTo(first).containsExactly("2026-01-05T02:40:00Z");
        leader.clock("2026-01-05T02:50:00Z");
        leader.round();
        assertThat(core.fired("s")).containsExactly("2026-01-05T02:40:00Z", "2026-01-05T02:50:00Z");
    }

    /** The date of entries does not go back; what is set then begins by the clock of the leader that looks. */
    @Test
    void whatIsSetAfterAClockJumpedForwardBeginsNow() {
        core.set("2026-01-05T05:00:00Z", "other", hourly());
        core.set("2026-01-05T02:30:00Z", "s", cron("*/10 * * * *", ""));
        assertThat(core.look("s").getProgress().getSetDateMillis()).isEqualTo(millis("2026-01-05T05:00:00Z"));
        ScheduledCore.Leader leader = core.leader("2026-01-05T02:30:01Z");
        leader.round();
        leader.clock("2026-01-05T02:40:00Z");
        leader.round();
        assertThat(core.fired("s")).containsExactly("2026-01-05T02:40:00Z");
    }

    // ---- two leaders ----

    @Test
    void twoLeadersThatProposeTheSameTimeMakeOneJob() {
        core.set("2026-01-05T02:30:00Z", "s", hourly());
        ScheduledCore.Leader old = core.leader("2026-01-05T02:30:00Z");
        old.round();
        old.clock("2026-01-05T03:00:00Z");
        ScheduledCore.Leader young = core.leader("2026-01-05T03:00:00.400Z");
        List<Proposal> ofOld = old.look();
        List<Proposal> ofYoung = young.look();
        assertThat(ofOld).hasSize(1);
        assertThat(ofYoung).hasSize(1);
        young.commit(ofYoung.get(0));
        old.commit(ofOld.get(0));
        assertThat(core.fired("s")).containsExactly("2026-01-05T03:00:00Z");
        assertThat(core.look("s").getFired()).isEqualTo(1);
    }

    /** What the old leader could not bring about is due for the new one; nothing is under way for ever. */
    @Test
    void aProposalThatFailedIsMadeAgain() {
        core.set("2026-01-05T02:30:00Z", "s", hourly());
        ScheduledCore.Leader leader = core.leader("2026-01-05T03:00:00Z");
        List<Proposal> lost = leader.look();
        assertThat(leader.look()).as("under way").isEmpty();
        lost.get(0).failed();
        leader.round();
        assertThat(core.fired("s")).containsExactly("2026-01-05T03:00:00Z");
    }

    // ---- missed times ----

    @Test
    void aTimeThatIsALittleLateIsNotMissed() {
        core.set("2026-01-05T02:30:00Z", "s", everySecond().setMisfire(MisfirePolicy.FIRE_NONE));
        ScheduledCore.Leader leader = core.leader("2026-01-05T02:30:00Z");
        leader.round();
        leader.clock("2026-01-05T02:30:05Z");
        leader.round();
        assertThat(core.fired("s")).hasSize(5);
        assertThat(core.look("s").getMisfired()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "FIRE_ONCE, 0, 2026-01-05T06:30:00Z, 2026-01-05T06:00:00Z, 3",
        "FIRE_ONCE, 0, 2026-01-05T06:00:01Z, 2026-01-05T06:00:00Z, 3",
        "FIRE_NONE, 0, 2026-01-05T06:30:00Z, , 4",
        "FIRE_NONE, 0, 2026-01-05T06:00:01Z, 2026-01-05T06:00:00Z, 3",
        "FIRE_ALL,  2, 2026-01-05T06:30:00Z, 2026-01-05T05:00:00Z 2026-01-05T06:00:00Z, 2",
        "FIRE_ALL,  1, 2026-01-05T06:00:01Z, 2026-01-05T05:00:00Z 2026-01-05T06:00:00Z, 2",
        "FIRE_ALL,  0, 2026-01-05T04:30:00Z, 2026-01-05T03:00:00Z 2026-01-05T04:00:00Z, 0",
    })
    void whatBecomesOfMissedTimes(MisfirePolicy policy, int most, String now, String fired, long misfired) {
        core.set("2026-01-05T02:30:00Z", "s", hourly().setMisfire(policy).setMisfiresMax(most));
        core.leader("2026-01-05T02:30:00Z").round();
        core.leader(now).round();
        assertThat(core.fired("s")).containsExactly(fired == null ? new String[0] : fired.split(" "));
        assertThat(core.look("s").getMisfired()).isEqualTo(misfired);
        assertThat(core.due(millis(now)).getSchedulesList()).isEmpty();
    }

    /** A month without a leader, every second: it is found at once which times were the last. */
    @ParameterizedTest
    @CsvSource({"FIRE_ONCE, 1", "FIRE_ALL, 10", "FIRE_NONE, 0"})
    void veryManyMissedTimesAreNotWalkedThrough(MisfirePolicy policy, int kept) {
        core.set(
                "2026-01-05T00:00:00Z",
                "s",
                cron("0-29 * * * * *", "Europe/Berlin").setMisfire(policy));
        core.leader("2026-02-05T00:00:45Z").round();
        List<String> fired = core.fired("s");
        assertThat(fired).hasSize(kept);
        if (kept > 0) {
            assertThat(fired.get(kept - 1)).isEqualTo("2026-02-05T00:00:29Z");
            assertThat(fired.get(0)).isEqualTo("2026-02-05T00:00:" + (30 - kept) + "Z");
        }
        assertThat(core.look("s").getMisfired()).isEqualTo(DueFirings.COUNTED_MAX - kept);
    }

    @Test
    void largePayloadsAreSpreadOverEntries() {
        ByteString payload = ByteString.copyFromUtf8("\"" + "x".repeat(600_000) + "\"");
        core.set(
                "2026-01-05T02:30:00Z",
                "s",
                hourly().setJob(NewJob.newBuilder().setPayload(payload)).setMisfire(MisfirePolicy.FIRE_ALL));
        ScheduledCore.Leader leader = core.leader("2026-01-05T06:30:00Z");
        assertThat(leader.round()).isEqualTo(4);
        assertThat(core.fired("s")).hasSize(4);
        assertThat(core.look("s").getMisfired()).isZero();
    }

    // ---- many ----

    @Test
    void manyThatAreDueAtOnceAreProposedAFewAtATime() {
        int count = 1_050;
        for (int i = 0; i < count; i++) {
            core.set("2026-01-05T02:30:00Z", "s-" + i, hourly());
        }
        ScheduledCore.Leader leader = core.leader("2026-01-05T03:00:00Z");
        List<Proposal> first = leader.look();
        int underWay = 0;
        for (Proposal proposal : first) {
            int size = proposal.commands().get(0).getSchedule().getAdvance().getSchedulesCount();
            assertThat(size).isLessThanOrEqualTo(ScheduleRounds.BATCH);
            underWay += size;
        }
        assertThat(underWay).isBetween(ScheduleRounds.BATCH, ScheduleRounds.UNDER_WAY_MAX);
        assertThat(leader.look()).isEmpty();
        leader.commit(first.get(0));
        assertThat(leader.asked()).as("told that there is room").isEqualTo(1);
        first.subList(1, first.size()).forEach(leader::commit);
        int rest = count - underWay;
        assertThat(leader.round()).isBetween(rest / ScheduleRounds.BATCH, 40);
        for (int i = 0; i < count; i++) {
            assertThat(core.look("s-" + i).getFired()).isEqualTo(1);
        }
        leader.clock("2026-01-05T03:30:00Z");
        assertThat(leader.round()).isZero();
    }

    // ---- what goes wrong ----

    /** A full state refuses; the times are missed until there is room, and none is lost that the policy wants. */
    @Test
    void whatIsRefusedIsTriedAgainLater() {
        core.set("2026-01-05T02:30:00Z", "a", hourly());
        core.set("2026-01-05T02:30:00Z", "b", hourly());
        ScheduledCore.Leader leader = core.leader("2026-01-05T03:00:00Z");
        core.quota(core.stateBytes());
        assertThat(leader.round()).isEqualTo(1);
        assertThat(core.fired("a")).isEmpty();
        core.quota(0);
        leader.clock("2026-01-05T03:00:00.900Z");
        assertThat(leader.round()).isZero();
        leader.clock("2026-01-05T03:00:01.100Z");
        assertThat(leader.round()).as("each alone").isEqualTo(2);
        assertThat(core.fired("a")).containsExactly("2026-01-05T03:00:00Z");
        assertThat(core.fired("b")).containsExactly("2026-01-05T03:00:00Z");
    }

    /** A leader with older time zone data than the one that let the schedule in. */
    @Test
    void aScheduleThatThisNodeCannotTimeIsLeftForAMinute() {
        core.send("2026-01-05T02:30:00Z", ScheduledCore.setting("s", cron("0 * * * *", "Europe/Atlantis")));
        core.set("2026-01-05T02:30:00Z", "other", hourly());
        ScheduledCore.Leader leader = core.leader("2026-01-05T03:00:00Z");
        leader.round();
        assertThat(core.fired("other")).containsExactly("2026-01-05T03:00:00Z");
        assertThat(core.look("s").getProgress().getNextMillis()).isEqualTo(millis("2026-01-05T03:01:00Z"));
        assertThat(core.look("s").getProgress().getDecidedMillis()).isEqualTo(millis("2026-01-05T02:30:00Z"));
        leader.clock("2026-01-05T03:00:59Z");
        assertThat(leader.round()).isZero();
    }

    @Test
    void whatCannotBeTimedIsRefusedBeforeItIsProposed() {
        List<Command.Builder> commands = new ArrayList<>();
        commands.add(ScheduledCore.setting("s", cron("0 25 * * *", "")));
        commands.add(ScheduledCore.setting("s", cron("0 3 * * *", "Europe/Atlantis")));
        commands.add(ScheduledCore.setting("s", cron("0 0 30 2 *", "")));
        List<String> messages = new ArrayList<>();
        for (Command.Builder command : commands) {
            var error = ScheduleRules.refuse(command.build()).orElseThrow();
            assertThat(error.getCode()).isEqualTo(ErrorCode.EINVAL);
            messages.add(error.getMessage());
        }
        assertThat(messages.get(0)).startsWith("the schedule was not set: cron: \"0 25 * * *\" is not understood");
        assertThat(messages.get(1)).startsWith("the schedule was not set: zone: \"Europe/Atlantis\"");
        assertThat(messages.get(2)).contains("never fires");
        assertThat(ScheduleRules.refuse(Command.getDefaultInstance())).isEmpty();
    }

    // ---- days on which clocks are changed ----

    /** Minute by minute through the day: once each, however the leader's looks fall. */
    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin,       30 2 * * *, 2026-03-28T12:00:00Z, 2026-03-29T01:00:00Z",
        "Europe/Berlin,       30 2 * * *, 2026-10-24T12:00:00Z, 2026-10-25T00:30:00Z",
        "America/New_York,    30 2 * * *, 2026-03-07T12:00:00Z, 2026-03-08T07:00:00Z",
        "America/New_York,    30 1 * * *, 2026-10-31T12:00:00Z, 2026-11-01T05:30:00Z",
        "Australia/Lord_Howe, 15 2 * * *, 2026-10-03T02:00:00Z, 2026-10-03T15:30:00Z",
        "Australia/Lord_Howe, 45 1 * * *, 2026-04-04T02:00:00Z, 2026-04-04T14:45:00Z",
    })
    void oncePerDayWhenClocksAreChanged(String zone, String expression, String from, String fires) {
        core.set(from, "s", cron(expression, zone));
        ScheduledCore.Leader leader = core.leader(from);
        for (int minute = 0; minute < 20 * 60; minute++) {
            leader.clock(millis(from) + minute * 60_000L);
            leader.round();
        }
        assertThat(core.fired("s")).containsExactly(fires);
        assertThat(core.look("s").getMisfired()).isZero();
    }
}
