package io.coordinator.state;

import static io.coordinator.protocol.BuildReply.OutcomeCase.BUILD;
import static io.coordinator.protocol.BuildReply.OutcomeCase.HIT;
import static io.coordinator.protocol.BuildReply.OutcomeCase.REFRESH;
import static io.coordinator.protocol.BuildReply.OutcomeCase.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.BuildEvent;
import io.coordinator.protocol.BuildLost;
import io.coordinator.protocol.BuildStatus;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ReserveCancelled;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a key, its builder and those who wait, whatever happens to a build. */
class BuildOutcomesTest extends Script {
    @BeforeEach
    void start() {
        at(1_000);
    }

    private long reserve(String session) {
        return session(session).reserve("k", 60_000, 0).gives(BUILD).token();
    }

    private void refreshable() {
        session("a")
                .complete("k", CompleteBuild.newBuilder().setToken(reserve("a")).setRefreshAfterMillis(500), "1");
    }

    private long refresh(String session) {
        return session(session)
                .reserve("k", 60_000, 0)
                .gives(REFRESH)
                .reply()
                .getBuild()
                .getRefresh()
                .getReservation()
                .getToken();
    }

    private long refreshAt(long millis, String session) {
        at(millis);
        return refresh(session);
    }

    private BuildStatus status() {
        return session("z").status("k");
    }

    private void lost(String session, long token, BuildLost.Reason reason) {
        BuildLost lost = session(session)
                .hears(BuildEvent.OutcomeCase.LOST)
                .get(0)
                .getBuild()
                .getLost();
        assertThat(lost.getToken()).isEqualTo(token);
        assertThat(lost.getReason()).isEqualTo(reason);
    }

    @Test
    @Feature({"B-32", "A-27"})
    void aPutReplacesTheBuilderAndItsResultIsRefused() {
        long token = reserve("a");
        session("c").putBuild("k", "9");
        lost("a", token, BuildLost.Reason.REPLACED);
        assertThat(count("buildsPending")).isZero();
        assertThat(count("buildsDone")).isEqualTo(1);
        session("a").complete("k", token, "1").refused(ErrorCode.EBUILDLOST);
        session("a").close().changes();
        session("b").reserve("k", 100, 0).hit("9");
    }

    @Test
    @Feature({"B-32", "A-30"})
    void aDeletedRefreshTakesTheResultAlong() {
        refreshable();
        long token = refreshAt(1_500, "b");
        assertThat(status().getState()).isEqualTo(BuildStatus.State.EXISTS);
        assertThat(status().getToken()).isEqualTo(token);
        assertThat(session("c").deleteBuild("k").changes(ChangeKind.DELETED).existed())
                .isTrue();
        lost("b", token, BuildLost.Reason.DELETED);
        assertThat(status().getState()).isEqualTo(BuildStatus.State.EMPTY);
        assertThat(count("buildsPending")).isZero();
    }

    @Test
    @Feature("B-32")
    void aRefreshThatFailsIsDueAgainAtOnceUnlessTheFailureIsKept() {
        refreshable();
        long first = refreshAt(1_500, "b");
        session("b").fail("k", first, "broken").changes(ChangeKind.FAILED);
        long second = refresh("b");
        session("b").failKept("k", second, 300);
        session("c").reserve("k", 60_000, 0).gives(HIT);
        at(1_799).session("c").reserve("k", 60_000, 0).gives(HIT);
        long third = refreshAt(1_800, "c");
        assertThat(third).isGreaterThan(second);
        assertThat(count("buildsPending")).isEqualTo(1);
    }

    @Test
    @Feature("B-32")
    void oneRefreshesAtATime() {
        refreshable();
        refreshAt(1_500, "b");
        session("b").reserve("k", 60_000, 0).gives(HIT);
        session("c").reserve("k", 60_000, 0).gives(HIT);
        session("d").await("k", -1).gives(HIT);
    }

    @Test
    @Feature({"B-32", "G-4"})
    void aRefreshIsLostWithItsSessionAndTheResultStays() {
        refreshable();
        refreshAt(1_500, "b");
        expire("b");
        assertThat(core().hasWorkLeft()).isFalse();
        assertThat(count("buildsPending")).isZero();
        assertThat(status().getState()).isEqualTo(BuildStatus.State.EXISTS);
        assertThat(status().getToken()).isZero();
        refresh("c");
    }

    @Test
    @Feature({"B-32", "JC-BOR-11"})
    void aRefreshThatOverrunsIsLostAndTheResultStays() {
        refreshable();
        long token = at(1_500)
                .session("b")
                .reserve("k", 700, 0)
                .gives(REFRESH)
                .reply()
                .getBuild()
                .getRefresh()
                .getReservation()
                .getToken();
        at(2_199).tick();
        session("b").hears();
        at(2_200).tick();
        lost("b", token, BuildLost.Reason.DEADLINE_ELAPSED);
        session("b").complete("k", token, "2").refused(ErrorCode.EBUILDLOST);
        refresh("c");
    }

    @Test
    @Feature({"JC-BOR-7", "A-26"})
    void onlyItsOwnBuildersFailureCounts() {
        long token = reserve("a");
        session("w").reserve("k", 60_000, -1).gives(WAIT);
        session("b").fail("k", token, "not mine").refused(ErrorCode.EBUILDLOST).changes();
        session("b").progress("k", token, "1").refused(ErrorCode.EBUILDLOST).changes();
        session("w").hears();
        assertThat(status().getProgress()).isEmpty();
        assertThat(status().getWaiters()).isEqualTo(1);
    }

    @Test
    @Feature({"JC-ERR-1", "G-7"})
    void onlyItsOwnRequestIsCancelled() {
        long builder = session("a").reserve("k", 60_000, 0).seq();
        long waiter = session("b").reserve("k", 60_000, -1).seq();
        session("a").cancelReserve("k", builder + 1).cancels(ReserveCancelled.Outcome.NOTHING);
        session("c").cancelReserve("k", builder).cancels(ReserveCancelled.Outcome.NOTHING);
        session("b").cancelReserve("other", waiter).cancels(ReserveCancelled.Outcome.NOTHING);
        assertThat(status().getWaiters()).isEqualTo(1);
        session("a").cancelReserve("k", builder).cancels(ReserveCancelled.Outcome.RELEASED_RESERVATION);
        session("b").hears(BuildEvent.OutcomeCase.PROMOTED);
    }

    @Test
    @Feature({"JC-EXP-1", "JC-EXP-2"})
    void onlyWhatHasATtlSlides() {
        session("a")
                .complete("k", CompleteBuild.newBuilder().setToken(reserve("a")).setSliding(true), "1");
        at(1_000_000).tick();
        session("b").reserve("k", 100, 0).hit("1");
        assertThat(core().nextDeadlineMillis()).isEmpty();
        assertThat(status().getResult().getSlidingMillis()).isZero();
    }

    @Test
    @Feature({"B-32", "JC-EXP-2"})
    void aKeptFailureEndsAtItsTimeAndWaitsForNobody() {
        long token = reserve("a");
        session("a").failKept("k", token, 500);
        assertThat(core().nextDeadlineMillis()).hasValue(1_500);
        assertThat(session("b").touchBuild("k").reply().getBuild().getTouched().getExisted())
                .isFalse();
        assertThat(count("buildsPending")).isZero();
        at(1_500).tick();
        assertThat(last().changes()).isEmpty();
        assertThat(core().nextDeadlineMillis()).isEmpty();
        assertThat(count("buildsDone")).isZero();
    }

    @Test
    @Feature("JC-STA-1")
    void aListShowsWhatIsPendingAndWhatExists() {
        session("a").complete("done", session("a").reserve("done", 60_000, 0).token(), "1");
        long token = reserve("a");
        session("b").reserve("k", 60_000, -1);
        session("a").progress("k", token, "50");
        var list = session("z").listBuilds("", "", 0);
        assertThat(list.getKeysList()).containsExactly("done", "k");
        assertThat(list.getMore()).isFalse();
        assertThat(list.getBuilds(0).getState()).isEqualTo(BuildStatus.State.EXISTS);
        assertThat(list.getBuilds(1).getState()).isEqualTo(BuildStatus.State.PENDING);
        assertThat(list.getBuilds(1).getWaiters()).isEqualTo(1);
        assertThat(list.getBuilds(1).getToken()).isEqualTo(token);
        assertThat(list.getBuilds(1).getProgress().toStringUtf8()).isEqualTo("50");
    }
}
