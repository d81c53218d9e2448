package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.AcquireCancelled;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.BuildStatus;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.FenceMode;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.LockMode;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.PermitsCancelled;
import io.coordinator.protocol.ReserveCancelled;
import io.coordinator.protocol.SemaphoreReply;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Jobs that grow with waiters and holders are done in slices; meanwhile nobody overtakes, and what has ended protects
 * nothing.
 */
@Feature("C-09")
class SlicesTest extends Script {
    private static final int MANY = 10_000;
    private static final List<String> X = List.of("x");

    private static AcquireLock.Builder shared(long waitMillis) {
        return AcquireLock.newBuilder().setMode(LockMode.SHARED).setWaitMillis(waitMillis);
    }

    /** Queues shared waiters for "x". */
    private void queueShared(String session, int count) {
        for (int i = 0; i < count; i++) {
            session(session).acquire(X, shared(-1)).gives(LockReply.OutcomeCase.QUEUED);
        }
    }

    @Test
    @Tag("slow")
    @Feature({"PM-LOCK-5", "B-22"})
    void aReleaseLetsInTenThousandSharedWaitersSliceBySliceAndNobodyOvertakes() {
        withoutShadow();
        long token = at(1_000).session("a").acquire("x").token();
        queueShared("b", MANY);
        session("a").release("x", token).gives(LockReply.OutcomeCase.RELEASED);
        assertThat(last().events()).hasSizeBetween(1, MANY - 1);
        assertThat(core().hasWorkLeft()).isTrue();
        // It could share the lock with those who hold it by now, and stands behind those who still wait.
        session("c").acquire(X, shared(-1)).gives(LockReply.OutcomeCase.QUEUED);
        assertThat(drain()).isGreaterThan(1);
        session("c").hears(LockEvent.OutcomeCase.GRANTED);
        List<Event> granted = session("b").heard();
        assertThat(granted).hasSize(MANY);
        assertThat(granted)
                .extracting(event -> event.getLock().getGranted().getToken())
                .isSorted();
        assertThat(granted).extracting(Event::getRequestSeq).isSorted();
    }

    @Test
    @Tag("slow")
    @Feature("PM-LOCK-5")
    void aForcedReleaseOfTenThousandHoldersEndsAllOfThemAndNoneThatComesLater() {
        withoutShadow();
        at(1_000);
        for (int i = 0; i < MANY; i++) {
            session("b").acquire(X, shared(0)).gives(LockReply.OutcomeCase.GRANTED);
        }
        var forced = session("op").force(X, 0, "op").reply().getLock().getForced();
        assertThat(forced.getMore()).isTrue();
        assertThat(forced.getTokensCount()).isBetween(1, MANY - 1);
        long later = session("c").acquire(X, shared(0)).token();
        drain();
        assertThat(session("b").heard())
                .hasSize(MANY)
                .allMatch(event -> event.getLock().hasLost());
        assertThat(session("c").inspect("x").getHoldsList())
                .singleElement()
                .satisfies(hold -> assertThat(hold.getToken()).isEqualTo(later));
    }

    @Test
    @Tag("slow")
    @Feature({"B-21", "DL-SEM-5"})
    void aResizeServesTenThousandWaiters() {
        withoutShadow();
        at(1_000).session("a").permits("s", 1, 1, 0, 0).gives(SemaphoreReply.OutcomeCase.GRANTED);
        for (int i = 0; i < MANY; i++) {
            session("b").permits("s", 1, 1, 0, -1).gives(SemaphoreReply.OutcomeCase.QUEUED);
        }
        session("a").resize("s", MANY + 1).gives(SemaphoreReply.OutcomeCase.RESIZED);
        session("c").permits("s", 1, 1, 0, 0).gives(SemaphoreReply.OutcomeCase.BUSY);
        assertThat(drain()).isGreaterThan(1);
        assertThat(session("b").heard())
                .hasSize(MANY)
                .extracting(Event::getRequestSeq)
                .isSorted();
        assertThat(session("a").inspectSemaphore("s").getHeld()).isEqualTo(MANY + 1);
    }

    @Test
    @Feature({"G-4", "G-13"})
    void whatASessionHeldProtectsNothingFromItsEndOn() {
        withoutShadow();
        List<Long> tokens = new ArrayList<>();
        at(1_000);
        for (int i = 0; i < MANY; i++) {
            tokens.add(session("a").acquire("lock-" + i).token());
        }
        long permit = session("a").permits("s", 1, 1, 0, 0).token();
        long build = session("a").reserve("k", 60_000, 0).token();
        session("b").reserve("k", 60_000, -1).gives(BuildReply.OutcomeCase.WAIT);
        // So thin that some are left until the end of the test.
        cutSlices(10_000);
        expire("a");
        assertThat(core().hasWorkLeft()).isTrue();

        long lastToken = tokens.get(tokens.size() - 1);
        String lastLock = "lock-" + (tokens.size() - 1);
        assertThat(session("b").verify(lastLock, lastToken).getLive()).isFalse();
        assertThat(session("b").verify(lastLock, lastToken).getCurrentToken()).isZero();
        assertThat(session("b").inspect(lastLock).getHoldsList()).isEmpty();
        session("b").guardedBy(lastLock, lastToken).put("v", "1").refused(ErrorCode.EFENCED);
        // Nobody else had it since: for this mode it is the last one still.
        session("b").guardedBy(lastLock, lastToken, FenceMode.MONOTONIC).put("v", "1");
        assertThat(session("b")
                        .acquire(lastLock)
                        .gives(LockReply.OutcomeCase.GRANTED)
                        .token())
                .isGreaterThan(build);
        session("b").permits("s", 1, 1, 0, 0).gives(SemaphoreReply.OutcomeCase.GRANTED);
        assertThat(permit).isPositive();
        assertThat(session("b").status("k").getState()).isEqualTo(BuildStatus.State.EMPTY);
        session("c").reserve("k", 60_000, -1).gives(BuildReply.OutcomeCase.WAIT);
        assertThat(session("b").status("k").getState()).isEqualTo(BuildStatus.State.PENDING);
        drain();
        assertThat(session("b").inspect(lastLock).getHoldsCount()).isEqualTo(1);
        assertThat(session("b").inspect("lock-2500").getHoldsCount()).isZero();
    }

    @Test
    @Feature({"A-43", "PM-LOCK-2"})
    void whatIsPastItsTimeIsEndedByWhoeverTouchesItFirst() {
        cutSlices(1);
        at(1_000);
        for (int i = 0; i < 20; i++) {
            session("a").acquire("lock-" + i, 100 + i, 0);
        }
        long token = session("a").acquire("x", 500, 0).token();
        long permit = session("a").permits("s", 1, 1, 500, 0).token();
        long build = session("a").reserve("k", 500, 0).token();
        Outcome waiting = session("a").acquire("x", 0, 500);
        at(2_000).session("b");
        assertThat(core().hasWorkLeft()).isTrue();
        assertThat(session("b").verify("x", token).getLive()).isFalse();
        session("b").guardedBy("x", token).put("v", "1").refused(ErrorCode.EFENCED);
        session("a").extend("x", token, 1_000).refused(ErrorCode.ELOCKEXTEND);
        assertThat(session("a").releasePermits("s", permit).wasHeld()).isFalse();
        session("a").complete("k", build, "1").refused(ErrorCode.EBUILDLOST);
        session("a").cancelAcquire("x", waiting.seq()).cancels(AcquireCancelled.Outcome.NOTHING);
        session("b").acquire("x").gives(LockReply.OutcomeCase.GRANTED);
        drain();
        assertThat(session("a").heard())
                .as("each is told of once")
                .filteredOn(event -> event.getLock().hasLost())
                .hasSize(21);
        assertThat(session("b").inspect("x").getHoldsCount()).isEqualTo(1);
    }

    @Test
    @Feature("G-7")
    void aWaiterPastItsTimeCannotBeTakenOutAnyMore() {
        cutSlices(1);
        at(1_000).session("a").permits("s", 1, 1, 0, 0);
        for (int i = 0; i < 10; i++) {
            session("a").acquire("lock-" + i, 100 + i, 0);
        }
        Outcome waiting = session("b").permits("s", 1, 1, 0, 500);
        at(2_000);
        session("b").cancelPermits("s", waiting.seq()).cancels(PermitsCancelled.Outcome.NOTHING);
        drain();
        assertThat(session("b").heard())
                .singleElement()
                .satisfies(event ->
                        assertThat(event.getSemaphore().hasWaitElapsed()).isTrue());
    }

    @Test
    @Feature("B-32")
    void aClearTakesAwayWhatIsOlderAtOnceAndLeavesAloneWhatIsNewer() {
        cutSlices(1);
        at(1_000);
        for (int i = 0; i < 40; i++) {
            session("a").putBuild("k/" + (10 + i), "1");
        }
        session("a").clearBuilds("k/");
        assertThat(core().hasWorkLeft()).isTrue();
        assertThat(session("a").status("k/49").getState()).isEqualTo(BuildStatus.State.EMPTY);
        session("a").putBuild("k/48", "2");
        long token = session("a")
                .reserve("k/47", 60_000, 0)
                .gives(BuildReply.OutcomeCase.BUILD)
                .token();
        drain();
        session("a").reserve("k/48", 60_000, 0).hit("2");
        session("a").complete("k/47", token, "3").gives(BuildReply.OutcomeCase.COMPLETED);
        assertThat(session("a").listBuilds("k/", "", 100).getKeysList()).containsExactly("k/47", "k/48");
    }

    @Test
    @Feature("B-32")
    void aClearLeavesAloneWhatIsNewerAlsoAfterItsRefreshIsLost() {
        cutSlices(1);
        at(1_000);
        for (int i = 0; i < 40; i++) {
            session("a").putBuild("k/" + (10 + i), "1");
        }
        session("a").clearBuilds("k/");
        long token = session("a").reserve("k/49", 60_000, 0).token();
        session("a")
                .complete("k/49", CompleteBuild.newBuilder().setToken(token).setRefreshAfterMillis(1), "2")
                .gives(BuildReply.OutcomeCase.COMPLETED);
        Outcome refresh = at(2_000).session("a").reserve("k/49", 60_000, 0);
        session("a")
                .cancelReserve(
                        "k/49", refresh.gives(BuildReply.OutcomeCase.REFRESH).seq())
                .cancels(ReserveCancelled.Outcome.RELEASED_RESERVATION);
        assertThat(core().hasWorkLeft()).isTrue();
        drain();
        assertThat(session("a").listBuilds("k/", "", 100).getKeysList()).containsExactly("k/49");
    }

    @Test
    void aLongClearTellsOfEachKeyOnce() {
        withoutShadow();
        at(1_000);
        int keys = 5_000;
        for (int i = 0; i < keys; i++) {
            session("a").putBuild("k/" + i, "1");
        }
        session("a").clearBuilds("k/");
        long deleted = deleted();
        assertThat(deleted).isBetween(1L, (long) keys - 1);
        while (core().hasWorkLeft()) {
            tick();
            deleted += deleted();
        }
        assertThat(deleted).isEqualTo(keys);
    }

    private long deleted() {
        return last().changes().stream()
                .filter(change -> change.getKind() == ChangeKind.DELETED)
                .count();
    }
}
