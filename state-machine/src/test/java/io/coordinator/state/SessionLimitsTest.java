package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ListLocks;
import io.coordinator.protocol.LockAnswer;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.LockMode;
import io.coordinator.protocol.LockQuery;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.SemaphoreReply;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.SessionLimits;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No session can have so much that it hurts the others; a query looks at so much and no more. */
@Feature("C-09")
class SessionLimitsTest extends Script {
    private static final int SET = 64;

    @BeforeEach
    void oneReplica() {
        withoutShadow();
        at(1_000);
    }

    private void fill(String session, int count, IntFunction<Outcome> command) {
        for (int i = 0; i < count; i++) {
            Outcome outcome = command.apply(i);
            assertThat(outcome.reply().hasError())
                    .as("%s: %s", i, outcome.reply())
                    .isFalse();
            session(session).acks(outcome.seq());
        }
    }

    private void refusedWithoutAChange(Outcome outcome, String session, int limit) {
        outcome.refused(ErrorCode.ENOSPACE, "session " + session(session).id());
        assertThat(outcome.reply().getError().getMessage()).contains(String.valueOf(limit));
        assertThat(last().changes()).isEmpty();
    }

    @Test
    void waitersForLocks() {
        session("a").acquire("x");
        fill("b", SessionLimits.WAITERS_MAX, i -> session("b").acquire("x", 0, -1));
        refusedWithoutAChange(session("b").acquire("x", 0, -1), "b", SessionLimits.WAITERS_MAX);
        session("b").acquire("x", 0, 0).gives(LockReply.OutcomeCase.BUSY);
        session("b").acquire("y").gives(LockReply.OutcomeCase.GRANTED);
        session("c").acquire("x", 0, -1).gives(LockReply.OutcomeCase.QUEUED).ahead(SessionLimits.WAITERS_MAX);
    }

    @Test
    void locksHeld() {
        int sets = SessionLimits.HOLDS_MAX / SET;
        fill("a", sets, i -> session("a").acquire(names(i), AcquireLock.newBuilder()));
        Coordinator restored = new Store().save(core()).load();
        refusedWithoutAChange(
                session("a").acquire(names(sets), AcquireLock.newBuilder()), "a", SessionLimits.HOLDS_MAX);
        assertThat(restored.apply(index(), lastEntry()))
                .as("as a restored replica counts")
                .isEqualTo(last());
        session("b").acquire(names(sets), AcquireLock.newBuilder()).gives(LockReply.OutcomeCase.GRANTED);
        long token = session("b").inspect("0-0").getHolds(0).getToken();
        session("a").release(names(0), token).gives(LockReply.OutcomeCase.RELEASED);
        session("a").acquire(names(sets + 1), AcquireLock.newBuilder()).gives(LockReply.OutcomeCase.GRANTED);
        // All of it goes with the session, by and by.
        expire("a");
        assertThat(drain()).isGreaterThan(10);
        assertThat(session("b").held().getHeldCount()).isEqualTo(SET);
        assertThat(session("b").inspect("7-7").getHoldsCount()).isZero();
    }

    private static List<String> names(int set) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < SET; i++) {
            names.add(set + "-" + i);
        }
        return names;
    }

    @Test
    void waitersForPermits() {
        session("a").permits("s", 1, 1, 0, 0);
        fill("b", SessionLimits.WAITERS_MAX, i -> session("b").permits("s", 1, 1, 0, -1));
        refusedWithoutAChange(session("b").permits("s", 1, 1, 0, -1), "b", SessionLimits.WAITERS_MAX);
        session("b").permits("s", 1, 1, 0, 0).gives(SemaphoreReply.OutcomeCase.BUSY);
    }

    @Test
    void waitersForBuildsAndReservations() {
        session("a").reserve("k", 60_000, 0);
        fill("b", SessionLimits.WAITERS_MAX, i -> session("b").reserve("k", 60_000, -1));
        refusedWithoutAChange(session("b").reserve("k", 60_000, -1), "b", SessionLimits.WAITERS_MAX);
        fill("c", SessionLimits.RESERVATIONS_MAX, i -> session("c").reserve("k-" + i, 60_000, 0));
        refusedWithoutAChange(session("c").reserve("more", 60_000, 0), "c", SessionLimits.RESERVATIONS_MAX);
        session("b").reserve("more", 60_000, 0).gives(BuildReply.OutcomeCase.BUILD);
    }

    @Test
    void aQueueOfAllSessionsTogether() {
        session("a").acquire("x");
        int sessions = SessionLimits.QUEUE_MAX / SessionLimits.WAITERS_MAX;
        for (int s = 0; s < sessions; s++) {
            String name = "s" + s;
            fill(name, SessionLimits.WAITERS_MAX, i -> session(name).acquire("x", 0, -1));
        }
        session("one more").acquire("x", 0, -1).refused(ErrorCode.ENOSPACE, "\"x\"");
        // Circles are looked for among so many, and no further.
        assertThat(session("a").waitCycles()).isEmpty();
    }

    @Test
    @Feature("PM-LOCK-3")
    void aGrantIsEnteredAThousandTimesAtTheSamePrice() {
        AcquireLock.Builder again = AcquireLock.newBuilder().setReentrant(true).setMode(LockMode.EXCLUSIVE);
        fill("a", 1_001, i -> session("a").acquire(List.of("x"), again));
        session("a").acquire(List.of("x"), again).refused(ErrorCode.EOVERFLOW);
        assertThat(session("a").held().getHeldList())
                .singleElement()
                .satisfies(
                        held -> assertThat(held.getHold().getEnteredSeqsCount()).isEqualTo(1_000));
    }

    @Test
    void aListLooksThroughSoManyNamespacesAndSaysSo() {
        for (int i = 0; i < NameScan.SKIPPED_MAX + 10; i++) {
            session("a")
                    .send(Command.newBuilder()
                            .setLock(LockCommand.newBuilder()
                                    .setNamespace("n" + (100_000 + i))
                                    .addNames("x")
                                    .setAcquire(AcquireLock.getDefaultInstance())))
                    .gives(LockReply.OutcomeCase.GRANTED);
        }
        Query.Builder rare = Query.newBuilder()
                .setLock(LockQuery.newBuilder().setList(ListLocks.newBuilder().setPrefix("y")));
        assertThat(query(rare).getError().getCode()).isEqualTo(ErrorCode.ETOOLARGE);
        LockAnswer common = query(Query.newBuilder()
                        .setLock(LockQuery.newBuilder()
                                .setList(ListLocks.newBuilder().setPrefix("x"))))
                .getLock();
        assertThat(common.getList().getLocksCount()).isEqualTo(100);
        assertThat(common.getList().getMore()).isTrue();
    }
}
