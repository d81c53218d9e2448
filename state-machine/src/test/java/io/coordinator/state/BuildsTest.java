package io.coordinator.state;

import static io.coordinator.protocol.BuildReply.OutcomeCase.BUILD;
import static io.coordinator.protocol.BuildReply.OutcomeCase.COMPLETED;
import static io.coordinator.protocol.BuildReply.OutcomeCase.DELETED;
import static io.coordinator.protocol.BuildReply.OutcomeCase.FAILED;
import static io.coordinator.protocol.BuildReply.OutcomeCase.PROGRESSED;
import static io.coordinator.protocol.BuildReply.OutcomeCase.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.BuildEvent;
import io.coordinator.protocol.BuildLost;
import io.coordinator.protocol.BuildStatus;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.ReserveCancelled;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildsTest extends Script {

    @Test
    @Feature({"JC-BOR-1", "JC-BOR-2", "JC-BOR-4", "JC-BOR-6", "S-45"})
    void oneBuildsTheOthersWaitAndGetItsResult() {
        long token = at(1_000)
                .session("a")
                .reserve("k", 5_000, 0)
                .gives(BUILD)
                .changes(ChangeKind.STARTED)
                .token();
        session("b").reserve("k", 5_000, -1).gives(WAIT).ahead(0);
        session("c").reserve("k", 5_000, 9_000).gives(WAIT).ahead(1);

        session("a").complete("k", token, "42").gives(COMPLETED).changes(ChangeKind.COMPLETED);

        for (String waiter : new String[] {"b", "c"}) {
            Event event =
                    session(waiter).hears(BuildEvent.OutcomeCase.COMPLETED).get(0);
            assertThat(event.getValue().toStringUtf8()).isEqualTo("42");
            assertThat(event.getBuild().getCompleted().getValue()).isEmpty();
        }
        session("d").reserve("k", 5_000, 0).hit("42");
        assertThat(core().nextDeadlineMillis()).isEmpty();
    }

    @Test
    @Feature("JC-BOR-5")
    void aHitNeverBuilds() {
        complete("k", "1");
        session("b").reserve("k", 100, 0).hit("1").changes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "\"\"", "false", "null"})
    @Feature({"S-57", "JC-BOR-16", "JC-BOR-17", "A-28"})
    void falsyResultsAreResults(String json) {
        complete("k", json);
        assertThat(session("b").status("k").getState()).isEqualTo(BuildStatus.State.EXISTS);
        session("b").reserve("k", 100, 0).hit(json);
    }

    @Test
    @Feature({"JC-GET-4", "S-52"})
    void whoCannotWaitIsToldThatItIsPending() {
        at(1_000).session("a").reserve("k", 5_000, 0);
        session("b")
                .reserve("k", 5_000, 0)
                .refused(ErrorCode.EBUILDPENDING, "\"k\"")
                .changes();
    }

    @Test
    @Feature({"JC-STA-1", "S-54"})
    void statusFollowsTheBuildAndDisturbsNothing() {
        assertThat(state()).isEqualTo(BuildStatus.State.EMPTY);
        long token = session("a").reserve("k", 5_000, 0).token();
        for (int i = 0; i < 100; i++) {
            assertThat(state()).isEqualTo(BuildStatus.State.PENDING);
        }
        session("b").reserve("k", 100, -1);
        session("a").progress("k", token, "{\"percent\":50}").gives(PROGRESSED).changes(ChangeKind.PROGRESS);
        BuildStatus pending = session("b").status("k");
        assertThat(pending.getProgress().toStringUtf8()).isEqualTo("{\"percent\":50}");
        assertThat(pending.getWaiters()).isEqualTo(1);
        assertThat(pending.getToken()).isEqualTo(token);
        session("a").complete("k", token, "1");
        assertThat(state()).isEqualTo(BuildStatus.State.EXISTS);
        assertThat(session("b")
                        .deleteBuild("k")
                        .gives(DELETED)
                        .changes(ChangeKind.DELETED)
                        .existed())
                .isTrue();
        assertThat(state()).isEqualTo(BuildStatus.State.EMPTY);
        assertThat(session("b").deleteBuild("k").changes().existed()).isFalse();
    }

    private BuildStatus.State state() {
        return session("s").status("k").getState();
    }

    @Test
    @Feature({"S-49", "JC-BOR-7", "JC-BOR-8", "A-26"})
    void aFailureReachesAllWhoWaitAndTheNextCallBuildsAnew() {
        long token = at(1_000).session("a").reserve("k", 5_000, 0).token();
        session("b").reserve("k", 5_000, -1);
        session("c").reserve("k", 5_000, -1);

        session("a").fail("k", token, "disk full").gives(FAILED).changes(ChangeKind.FAILED);

        assertThat(last().changes().get(0).getValue().toStringUtf8())
                .isEqualTo("{\"type\":\"java.io.IOException\",\"message\":\"disk full\",\"code\":\"E1\"}");
        for (String waiter : new String[] {"b", "c"}) {
            Event event = session(waiter).hears(BuildEvent.OutcomeCase.FAILED).get(0);
            assertThat(event.getValue().toStringUtf8()).contains("disk full");
        }
        assertThat(session("b").status("k").getState()).isEqualTo(BuildStatus.State.EMPTY);
        assertThat(session("b").reserve("k", 5_000, 0).gives(BUILD).token()).isGreaterThan(token);
    }

    @Test
    @Feature({"S-46", "JC-BOR-14"})
    void theFirstWaiterIsPromotedWhenTheBuildersSessionEnds() {
        long token = at(1_000).session("a").reserve("k", 5_000, 0).token();
        session("b").reserve("k", 700, -1);
        session("c").reserve("k", 900, -1);

        at(2_000).session("a").close();

        var promoted = session("b")
                .hears(BuildEvent.OutcomeCase.PROMOTED)
                .get(0)
                .getBuild()
                .getPromoted();
        assertThat(promoted.getToken()).isGreaterThan(token);
        assertThat(promoted.getDeadlineMillis()).isEqualTo(2_700);
        session("c").hears();
        assertThat(last().changes()).extracting(Change::getKind).containsExactly(ChangeKind.LOST, ChangeKind.STARTED);
        session("b").complete("k", promoted.getToken(), "1").gives(COMPLETED);
        session("c").hears(BuildEvent.OutcomeCase.COMPLETED);
    }

    @Test
    @Feature({"S-48", "JC-BOR-10", "JC-BOR-11", "JC-BOR-12", "A-27"})
    void aBuilderThatOverrunsLosesToTheNext() {
        long a = at(1_000).session("a").reserve("k", 1_000, 0).token();
        session("b").reserve("k", 5_000, -1);
        at(1_999).tick();
        session("a").hears();

        at(2_000).tick();

        BuildLost lost = session("a")
                .hears(BuildEvent.OutcomeCase.LOST)
                .get(0)
                .getBuild()
                .getLost();
        assertThat(lost.getToken()).isEqualTo(a);
        assertThat(lost.getReason()).isEqualTo(BuildLost.Reason.DEADLINE_ELAPSED);
        long b = session("b")
                .hears(BuildEvent.OutcomeCase.PROMOTED)
                .get(0)
                .getBuild()
                .getPromoted()
                .getToken();
        session("b").complete("k", b, "\"new\"").gives(COMPLETED);

        session("a")
                .complete("k", a, "\"old\"")
                .refused(ErrorCode.EBUILDLOST, "\"k\"")
                .changes();

        session("c").reserve("k", 100, 0).hit("\"new\"");
    }

    @Test
    @Feature({"JC-BOR-15", "S-53"})
    void aLateResultNeverRevivesTheKey() {
        long token = at(1_000).session("a").reserve("k", 1_000, 0).token();
        at(2_000).session("a").complete("k", token, "1").refused(ErrorCode.EBUILDLOST);
        session("a").fail("k", token, "late").refused(ErrorCode.EBUILDLOST);
        session("a").progress("k", token, "1").refused(ErrorCode.EBUILDLOST);
        assertThat(session("a").status("k").getState()).isEqualTo(BuildStatus.State.EMPTY);
    }

    @Test
    @Feature({"A-25", "A-27", "JC-BOR-15", "S-53"})
    void aLateResultOfAnOlderReservationIsRefusedAlsoWhileTheSameSessionBuildsAgain() {
        long older = at(1_000).session("a").reserve("k", 1_000, 0).token();
        at(2_000).tick();
        long newer = session("a").reserve("k", 5_000, 0).gives(BUILD).token();
        session("a").hears(BuildEvent.OutcomeCase.LOST);

        session("a").progress("k", older, "1").refused(ErrorCode.EBUILDLOST).changes();
        session("a").fail("k", older, "late").refused(ErrorCode.EBUILDLOST).changes();
        session("a")
                .complete("k", older, "\"old\"")
                .refused(ErrorCode.EBUILDLOST, "reservation " + older)
                .changes();

        assertThat(session("b").status("k").getToken()).isEqualTo(newer);
        session("a").complete("k", newer, "\"new\"").gives(COMPLETED);
        session("a").complete("k", newer, "\"again\"").refused(ErrorCode.EBUILDLOST);
        session("b").reserve("k", 100, 0).hit("\"new\"");
    }

    @Test
    @Feature({"PM-LOCK-6", "G-4", "JC-BOR-14"})
    void anEndedSessionIsNeverPromoted() {
        // So thin that not all of what it waits for is taken away with its end.
        cutSlices(500);
        at(1_000);
        for (int i = 0; i < 40; i++) {
            session("a").reserve("k" + i, 60_000, 0).gives(BUILD);
            session("b").reserve("k" + i, 60_000, -1).gives(WAIT);
        }
        session("c").reserve("k39", 60_000, -1).gives(WAIT);
        session("b").close();
        assertThat(core().hasWorkLeft()).isTrue();
        assertThat(session("c").status("k39").getWaiters()).isEqualTo(2);

        session("c").deleteBuild("k39").changes(ChangeKind.DELETED, ChangeKind.STARTED);

        session("c").hears(BuildEvent.OutcomeCase.PROMOTED);
        drain();
        assertThat(session("c").status("k38").getWaiters()).isZero();
    }

    @Test
    @Feature({"PM-LOCK-6", "G-4"})
    void aWaiterIsGoneWithItsSession() {
        at(1_000).session("a").reserve("k", 5_000, 0);
        session("b").reserve("k", 5_000, -1).gives(WAIT);
        session("b").close();
        assertThat(session("a").status("k").getWaiters()).isZero();
        assertThat(core().hasWorkLeft()).isFalse();
    }

    @Test
    @Feature({"S-51", "JC-BOR-13"})
    void aWaitElapsesForThatCallerOnly() {
        long token = at(1_000).session("a").reserve("k", 3_000, 0).token();
        session("b").reserve("k", 3_000, 500);
        session("c").reserve("k", 3_000, 5_000);
        at(1_500).tick();
        session("b").hears(BuildEvent.OutcomeCase.WAIT_ELAPSED);
        session("a").complete("k", token, "1");
        session("b").hears();
        session("c").hears(BuildEvent.OutcomeCase.COMPLETED);
    }

    @Test
    @Feature({"A-37", "JC-BOR-14"})
    void aWaiterWhoseDeadlineHasPassedIsNeverPromoted() {
        at(1_000).session("a").reserve("k", 1_000, 0);
        session("b").reserve("k", 3_000, 1_200);
        session("c").reserve("k", 3_000, -1);
        at(3_000).tick();
        session("b").hears(BuildEvent.OutcomeCase.WAIT_ELAPSED);
        session("c").hears(BuildEvent.OutcomeCase.PROMOTED);
    }

    @Test
    @Feature({"S-53", "JC-DEL-2", "A-30"})
    void deletingAPendingBuildPromotesAWaiterAndFencesTheBuilder() {
        long token = at(1_000).session("a").reserve("k", 5_000, 0).token();
        session("b").reserve("k", 5_000, -1);

        assertThat(session("c")
                        .deleteBuild("k")
                        .changes(ChangeKind.DELETED, ChangeKind.STARTED)
                        .existed())
                .isTrue();

        assertThat(session("a")
                        .hears(BuildEvent.OutcomeCase.LOST)
                        .get(0)
                        .getBuild()
                        .getLost()
                        .getReason())
                .isEqualTo(BuildLost.Reason.DELETED);
        session("b").hears(BuildEvent.OutcomeCase.PROMOTED);
        session("a").complete("k", token, "1").refused(ErrorCode.EBUILDLOST);
        assertThat(session("a").status("k").getState()).isEqualTo(BuildStatus.State.PENDING);
    }

    @Test
    @Feature({"JC-ERR-1", "G-7"})
    void cancelDequeuesOrGivesUpTheReservation() {
        at(1_000).session("a").reserve("k", 5_000, 0);
        long b = session("b").reserve("k", 5_000, -1).seq();
        long c = session("c").reserve("k", 5_000, -1).seq();
        session("c")
                .cancelReserve("k", c)
                .cancels(ReserveCancelled.Outcome.DEQUEUED)
                .changes();
        session("a").close();
        session("b").hears(BuildEvent.OutcomeCase.PROMOTED);

        session("b")
                .cancelReserve("k", b)
                .cancels(ReserveCancelled.Outcome.RELEASED_RESERVATION)
                .changes(ChangeKind.LOST);

        assertThat(session("c").status("k").getState()).isEqualTo(BuildStatus.State.EMPTY);
        session("b")
                .cancelReserve("k", b)
                .cancels(ReserveCancelled.Outcome.NOTHING)
                .changes();
        session("c").hears();
    }

    @Test
    @Feature({"JC-EXP-2", "JC-OPT-3"})
    void aResultExpiresByItsTtlCountedFromItsCompletion() {
        long token = at(1_000).session("a").reserve("k", 5_000, 0).token();
        at(2_000).session("a").complete("k", token, "1", 3_000);
        at(4_999).tick();
        session("b").reserve("k", 100, 0).hit("1");
        at(5_000).tick();
        assertThat(last().changes()).extracting(Change::getKind).containsExactly(ChangeKind.EXPIRED);
        session("b").reserve("k", 100, 0).gives(BUILD);
    }

    @Test
    @Feature({"S-47", "JC-BOR-4"})
    void aRepeatedCompletionAnswersAlikeAndCommitsOnce() {
        long token = at(1_000).session("a").reserve("k", 5_000, 0).token();
        Outcome first = session("a").complete("k", token, "1", 3_000).gives(COMPLETED);
        at(70_000);
        Outcome second = session("a").again();
        assertThat(second.reply()).isEqualTo(first.reply());
        assertThat(second.made()).extracting(Change::getKind).containsExactly(ChangeKind.EXPIRED);
    }

    @Test
    @Feature("A-25")
    void reservationTokensFenceTogetherWithLocks() {
        long lock = at(1_000).session("a").acquire("x").token();
        long build = session("a").reserve("k", 5_000, 0).token();
        assertThat(build).isEqualTo(lock + 1);
        assertThat(session("a").acquire("y").token()).isEqualTo(build + 1);
    }

    @Test
    @Feature("JC-BOR-2")
    void onlyTheBuildersOwnSessionCompletes() {
        long token = at(1_000).session("a").reserve("k", 5_000, 0).token();
        session("b").complete("k", token, "1").refused(ErrorCode.EBUILDLOST);
        session("a").complete("k", token, "1").gives(COMPLETED);
    }

    @Test
    void argumentsAreChecked() {
        Actor a = session("a");
        a.reserve("k", 0, 0).refused(ErrorCode.EINVAL, "build_millis");
        a.reserve("k", 1, -2).refused(ErrorCode.EINVAL, "wait_millis");
        a.complete("k", 1, "oops").refused(ErrorCode.EINVAL, "JSON");
        a.complete("k", 1, "1", -1).refused(ErrorCode.EINVAL, "ttl_millis");
        a.progress("k", 1, "").refused(ErrorCode.EINVAL, "progress");
        a.fail("k", 1, "x".repeat(1 << 20)).refused(ErrorCode.ETOOLARGE, "failure");
    }

    private void complete(String key, String json) {
        session("a")
                .complete(key, session("a").reserve(key, 1_000, 0).token(), json)
                .gives(COMPLETED);
    }
}
