package io.coordinator.state;

import static io.coordinator.protocol.LockReply.OutcomeCase.BUSY;
import static io.coordinator.protocol.LockReply.OutcomeCase.GRANTED;
import static io.coordinator.protocol.LockReply.OutcomeCase.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.AcquireCancelled;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.AuditRecord;
import io.coordinator.protocol.BuildEvent;
import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ListLocks;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.LockForced;
import io.coordinator.protocol.LockHold;
import io.coordinator.protocol.LockMode;
import io.coordinator.protocol.PermitsCancelled;
import io.coordinator.protocol.ReserveBuild;
import io.coordinator.protocol.ReserveCancelled;
import io.coordinator.protocol.SemaphoreEvent;
import io.coordinator.protocol.SemaphoreReply;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same as {@link SlicesTest} with few of everything and one thing done in each entry, before both replicas. */
@Feature("C-09")
class ThinSlicesTest extends Script {
    private static final List<String> X = List.of("x");
    private static final int FEW = 6;

    @BeforeEach
    void oneThingAtATime() {
        at(1_000);
        // Opened before, as each entry goes on with what is left.
        for (String name : List.of("a", "b", "c", "d", "op", "z", "late", "later", "writer")) {
            session(name);
        }
        for (int i = 0; i < FEW; i++) {
            session("b" + i);
            session("w" + i);
        }
        cutSlices(1);
    }

    private static AcquireLock.Builder shared(long waitMillis) {
        return AcquireLock.newBuilder().setMode(LockMode.SHARED).setWaitMillis(waitMillis);
    }

    private List<Long> tokens(String lock) {
        return session("z").inspect(lock).getHoldsList().stream()
                .map(LockHold::getToken)
                .toList();
    }

    @Test
    @Feature({"PM-LOCK-5", "B-19"})
    void sharedWaitersAreLetInOneByOneAndNobodyOvertakesThem() {
        long token = session("a").acquire("x").token();
        for (int i = 0; i < FEW; i++) {
            session("b" + i).acquire(X, shared(-1)).gives(QUEUED).ahead(i);
        }
        session("a").release("x", token).changes(ChangeKind.RELEASED);
        assertThat(core().hasWorkLeft()).isTrue();
        session("late").acquire(X, shared(0)).gives(BUSY);
        session("late").acquire(X, shared(-1)).gives(QUEUED);
        session("writer").acquire("x", 0, -1).gives(QUEUED);
        assertThat(drain()).isGreaterThanOrEqualTo(FEW - 3);
        List<Long> granted = new ArrayList<>();
        for (int i = 0; i < FEW; i++) {
            granted.add(session("b" + i).hearsGrant());
        }
        granted.add(session("late").hearsGrant());
        session("writer").hears();
        assertThat(granted).isSorted();
        assertThat(tokens("x")).isEqualTo(granted);
    }

    @Test
    @Feature("B-30")
    void aForcedReleaseEndsTheOldestFirstAndNoneThatComesLater() {
        List<Long> held = new ArrayList<>();
        for (int i = 0; i < FEW; i++) {
            held.add(session("b" + i).acquire(X, shared(0)).token());
        }
        LockForced forced = session("op").force(X, 0, "alice").reply().getLock().getForced();
        assertThat(forced.getMore()).isTrue();
        assertThat(forced.getTokensList()).containsExactly(held.get(0));
        long later = session("c").acquire(X, shared(0)).gives(GRANTED).token();
        assertThat(tokens("x")).contains(held.get(FEW - 1), later);

        assertThat(drain()).isPositive();

        assertThat(tokens("x")).containsExactly(later);
        for (int i = 0; i < FEW; i++) {
            session("b" + i).hears(LockEvent.OutcomeCase.LOST);
        }
        assertThat(session("z").audit(0))
                .hasSize(FEW)
                .extracting(AuditRecord::getOperator)
                .containsOnly("alice");
    }

    @Test
    @Feature("B-30")
    void aForcedReleaseOfSeveralLocksEndsTheirGrantsInTheOrderOfTokens() {
        long first = session("a").acquire("y").token();
        long second = session("b").acquire("x").token();
        session("op").force(List.of("x", "free", "y"), 0, "op").changes(ChangeKind.FORCED_RELEASE);
        assertThat(session("z").verify("y", first).getLive()).isFalse();
        assertThat(session("z").verify("x", second).getLive()).isTrue();
        drain();
        assertThat(session("z").verify("x", second).getLive()).isFalse();
        assertThat(core().hasWorkLeft()).isFalse();
    }

    /** Its rows are there for a while; nobody is told, asked or blamed for them. */
    @Test
    @Feature({"G-4", "B-30"})
    void whatAnEndedSessionHeldIsNotForcedFromIt() {
        for (int i = 0; i < FEW; i++) {
            session("a").acquire("lock-" + i);
        }
        session("a").acquire(X, shared(0));
        long live = session("b").acquire(X, shared(0)).token();
        expire("a");
        assertThat(core().hasWorkLeft()).isTrue();
        LockForced forced = session("op").force(X, 0, "op").reply().getLock().getForced();
        List<Long> ended = new ArrayList<>(forced.getTokensList());
        drain();
        assertThat(session("z").audit(0)).extracting(AuditRecord::getToken).containsExactly(live);
        assertThat(ended).isSubsetOf(live);
        assertThat(tokens("x")).isEmpty();
        session("c").acquire("x").gives(GRANTED);
    }

    @Test
    @Feature({"PM-LOCK-6", "G-4"})
    void aLockGoesPastWaitersWhoseSessionHasEnded() {
        long token = session("a").acquire("x").token();
        for (int i = 0; i < FEW; i++) {
            session("b").acquire("other", 0, i == 0 ? 0 : -1);
        }
        session("b").acquire("x", 0, -1).gives(QUEUED);
        session("c").acquire("x", 0, -1).gives(QUEUED);
        session("b").close();
        assertThat(core().hasWorkLeft()).isTrue();
        session("a").release("x", token);
        drain();
        session("b").hears();
        session("c").hearsGrant();
        session("d").acquire("other").gives(GRANTED);
    }

    @Test
    @Feature({"PM-LOCK-4", "A-43"})
    void theEndOfASessionFreesOneThingAfterTheOther() {
        for (int i = 0; i < FEW; i++) {
            session("a").acquire("lock-" + i).gives(GRANTED);
            session("a").permits("s-" + i, 1, 1, 0, 0).gives(SemaphoreReply.OutcomeCase.GRANTED);
            session("a").reserve("k-" + i, 60_000, 0).gives(BuildReply.OutcomeCase.BUILD);
            session("b").acquire("lock-" + i, 0, -1).gives(QUEUED);
            session("b").permits("s-" + i, 1, 1, 0, -1).gives(SemaphoreReply.OutcomeCase.QUEUED);
            session("b").reserve("k-" + i, 60_000, -1).gives(BuildReply.OutcomeCase.WAIT);
        }
        expire("a");
        assertThat(session("b").heard()).hasSizeLessThan(FEW);
        // Each of them takes an entry of its own.
        assertThat(drain()).isGreaterThanOrEqualTo(3 * FEW - 3);
        for (int i = 0; i < FEW; i++) {
            assertThat(session("z").inspect("lock-" + i).getHolds(0).getSessionId())
                    .isEqualTo(session("b").id());
            assertThat(session("z").inspectSemaphore("s-" + i).getHeld()).isEqualTo(1);
            assertThat(session("z").status("k-" + i).getWaiters()).isZero();
        }
        assertThat(count("locks")).isEqualTo(FEW);
        assertThat(count("lockWaiters")).isZero();
        assertThat(count("buildsPending")).isEqualTo(FEW);
        assertThat(count("buildWaiters")).isZero();
    }

    @Test
    @Feature({"PM-LOCK-6", "G-4"})
    void theRequestsOfAnEndedSessionGoOneAfterTheOther() {
        for (int i = 0; i < FEW; i++) {
            session("a").acquire("lock-" + i);
            session("a").permits("s-" + i, 1, 1, 0, 0);
            session("a").reserve("k-" + i, 60_000, 0);
            session("b").acquire("lock-" + i, 0, -1).gives(QUEUED);
            session("b").permits("s-" + i, 1, 1, 0, -1).gives(SemaphoreReply.OutcomeCase.QUEUED);
            session("b").reserve("k-" + i, 60_000, -1).gives(BuildReply.OutcomeCase.WAIT);
        }
        expire("b");
        assertThat(core().hasWorkLeft()).isTrue();
        drain();
        assertThat(count("lockWaiters")).isZero();
        assertThat(count("buildWaiters")).isZero();
        for (int i = 0; i < FEW; i++) {
            assertThat(session("z").inspectSemaphore("s-" + i).getWaiterCount()).isZero();
        }
    }

    @Test
    @Feature({"B-21", "DL-SEM-5"})
    void permitsGoToWaitersOneByOneAndNobodyOvertakesThem() {
        session("a").permits("s", 1, 1, 0, 0).gives(SemaphoreReply.OutcomeCase.GRANTED);
        for (int i = 0; i < FEW; i++) {
            session("b" + i).permits("s", 1, 1, 0, -1).gives(SemaphoreReply.OutcomeCase.QUEUED);
        }
        session("a").resize("s", FEW + 2).gives(SemaphoreReply.OutcomeCase.RESIZED);
        session("c").permits("s", 1, 1, 0, 0).gives(SemaphoreReply.OutcomeCase.BUSY);
        assertThat(drain()).isGreaterThanOrEqualTo(FEW - 3);
        for (int i = 0; i < FEW; i++) {
            session("b" + i).hears(SemaphoreEvent.OutcomeCase.GRANTED);
        }
        assertThat(session("c").inspectSemaphore("s").getHeld()).isEqualTo(FEW + 1);
        session("c").permits("s", 1, 1, 0, 0).gives(SemaphoreReply.OutcomeCase.GRANTED);
    }

    @Test
    @Feature({"JC-BOR-4", "C-06"})
    void aResultIsToldToAllWhoWaitedAndToNobodyWhoComesLater() {
        long token = session("a").reserve("k", 60_000, 0).token();
        for (int i = 0; i < FEW; i++) {
            session("b" + i).reserve("k", 60_000, -1).gives(BuildReply.OutcomeCase.WAIT);
        }
        session("a").complete("k", token, "1").gives(BuildReply.OutcomeCase.COMPLETED);
        assertThat(core().hasWorkLeft()).isTrue();
        session("late").deleteBuild("k");
        long second = session("late")
                .reserve("k", 60_000, 0)
                .gives(BuildReply.OutcomeCase.BUILD)
                .token();
        session("later").reserve("k", 60_000, -1).gives(BuildReply.OutcomeCase.WAIT);
        session("late").complete("k", second, "2").gives(BuildReply.OutcomeCase.COMPLETED);
        drain();
        for (int i = 0; i < FEW; i++) {
            assertThat(told("b" + i)).isEqualTo("1");
        }
        assertThat(told("later")).isEqualTo("2");
        assertThat(count("buildWaiters")).isZero();
    }

    private String told(String session) {
        return session(session)
                .hears(BuildEvent.OutcomeCase.COMPLETED)
                .get(0)
                .getValue()
                .toStringUtf8();
    }

    @Test
    @Feature({"A-26", "C-06"})
    void aFailureEndsTheWaitOfAllButThoseWhoTakeOver() {
        long token = session("a").reserve("k", 60_000, 0).token();
        for (int i = 0; i < FEW; i++) {
            session("b" + i).reserve("k", 60_000, -1).gives(BuildReply.OutcomeCase.WAIT);
            session("w" + i).await("k", -1).gives(BuildReply.OutcomeCase.WAIT);
        }
        session("c")
                .reserve(
                        "k",
                        ReserveBuild.newBuilder()
                                .setBuildMillis(60_000)
                                .setWaitMillis(-1)
                                .setTakeOver(true))
                .gives(BuildReply.OutcomeCase.WAIT);
        session("a").fail("k", token, "broken");
        session("c").hears(BuildEvent.OutcomeCase.PROMOTED);
        drain();
        for (int i = 0; i < FEW; i++) {
            session("b" + i).hears(BuildEvent.OutcomeCase.FAILED);
            session("w" + i).hears(BuildEvent.OutcomeCase.FAILED);
        }
        session("c").hears();
    }

    @Test
    @Feature({"JC-BOR-14", "A-37"})
    void aBuildGoesPastManyWhoseWaitIsOver() {
        session("a").reserve("k", 60_000, 0);
        for (int i = 0; i < FEW; i++) {
            session("b").reserve("k", 60_000, 500 + i).gives(BuildReply.OutcomeCase.WAIT);
        }
        session("c").reserve("k", 60_000, -1).gives(BuildReply.OutcomeCase.WAIT);
        at(2_000).session("a").close();
        session("d").reserve("k", 60_000, 0).refused(ErrorCode.EBUILDPENDING);
        drain();
        assertThat(session("b").heard())
                .hasSize(FEW)
                .allMatch(event -> event.getBuild().hasWaitElapsed());
        session("c").hears(BuildEvent.OutcomeCase.PROMOTED);
    }

    @Test
    @Feature({"B-30", "B-31", "G-4"})
    void whatAnEndedSessionHeldAndWaitedForIsInNoList() {
        session("b").acquire("y").gives(GRANTED);
        for (int i = 0; i < FEW; i++) {
            session("a").acquire("lock-" + i).gives(GRANTED);
        }
        session("b").acquire("lock-5", 0, -1).gives(QUEUED);
        session("a").acquire("y", 0, -1).gives(QUEUED);
        assertThat(session("z").waitCycles()).hasSize(1);
        assertThat(session("z")
                        .listLocks(ListLocks.newBuilder().setPrefix("lock-"))
                        .getLocksList())
                .hasSize(FEW)
                .allMatch(lock -> lock.getHoldsCount() == 1);

        expire("a");

        assertThat(core().hasWorkLeft()).isTrue();
        assertThat(session("z").waitCycles()).isEmpty();
        assertThat(session("z")
                        .listLocks(ListLocks.newBuilder().setPrefix("lock-"))
                        .getLocksList())
                .allMatch(lock -> lock.getHoldsCount() == 0);
        assertThat(session("a").held().getHeldList()).isEmpty();
        assertThat(session("a").held().getWaitingList()).isEmpty();
        drain();
        session("b").hearsGrant();
    }

    @Test
    @Feature({"G-7", "PM-LOCK-2"})
    void aRequestWhoseWaitIsOverIsToldSoByItsCancelAndNotTakenOut() {
        session("a").acquire("x");
        session("a").permits("s", 1, 1, 0, 0);
        session("a").reserve("k", 60_000, 0);
        for (int i = 0; i < FEW; i++) {
            session("d").acquire("lock-" + i, 100 + i, 0);
        }
        long lock = session("b").acquire("x", 0, 500).gives(QUEUED).seq();
        long permit = session("b").permits("s", 1, 1, 0, 500).seq();
        long build = session("b").reserve("k", 60_000, 500).seq();
        at(2_000);
        session("b").cancelAcquire("x", lock).cancels(AcquireCancelled.Outcome.NOTHING);
        session("b").cancelPermits("s", permit).cancels(PermitsCancelled.Outcome.NOTHING);
        session("b").cancelReserve("k", build).cancels(ReserveCancelled.Outcome.NOTHING);
        drain();
        session("b")
                .hears(
                        LockEvent.OutcomeCase.WAIT_ELAPSED,
                        SemaphoreEvent.OutcomeCase.WAIT_ELAPSED,
                        BuildEvent.OutcomeCase.WAIT_ELAPSED);
    }

    @Test
    @Feature({"G-7", "A-43"})
    void aGrantThatIsOverIsNotReleasedByACancelOfItsRequest() {
        for (int i = 0; i < FEW; i++) {
            session("d").acquire("lock-" + i, 100 + i, 0);
        }
        long lock = session("a").acquire("x", 500, 0).gives(GRANTED).seq();
        long build = session("a").reserve("k", 500, 0).seq();
        session("c").acquire("x", 0, -1).gives(QUEUED);
        at(2_000);
        session("a").cancelAcquire("x", lock).cancels(AcquireCancelled.Outcome.NOTHING);
        session("a").cancelReserve("k", build).cancels(ReserveCancelled.Outcome.NOTHING);
        drain();
        session("a").hears(LockEvent.OutcomeCase.LOST, BuildEvent.OutcomeCase.LOST);
        session("c").hearsGrant();
    }
}
