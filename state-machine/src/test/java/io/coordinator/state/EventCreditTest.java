package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.CacheReply;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.SemaphoreReply;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A session that acknowledges no event is given nothing more that can lead to events of the same kind, and nothing else is held
 * back: neither its other commands nor anybody else's.
 */
@Feature({"C-06", "G-6"})
class EventCreditTest extends Script {
    /** So many results use up the credit of builds. */
    private static final int RESULTS = (int) (EventCredit.BYTES_MAX >> 20);

    private static final String MIB = "\"" + "x".repeat((1 << 20) - 2) + "\"";

    @BeforeEach
    void oneReplica() {
        withoutShadow();
        at(1_000);
    }

    /** One waits for builds whose results it does not acknowledge. */
    private void hearResults(String session, int from, int to) {
        for (int i = from; i < to; i++) {
            String key = "k" + i;
            long token = session("builder").reserve(key, 60_000, 0).token();
            session(session).reserve(key, 60_000, -1).gives(BuildReply.OutcomeCase.WAIT);
            session("builder").complete(key, CompleteBuild.newBuilder().setToken(token), MIB);
            session("builder").acks(last().replies().get(0).getSeq());
        }
    }

    private int unheard(String session, DataKind kind) {
        return core().state().sessions.eventsUnheard(session(session).id(), kind);
    }

    @Test
    void resultsThatNobodyAcknowledgesHoldBackBuildsAndNothingElse() {
        hearResults("a", 0, RESULTS - 1);
        session("a").reserve("last", 60_000, 0).gives(BuildReply.OutcomeCase.BUILD);
        hearResults("a", RESULTS - 1, RESULTS);
        assertThat(unheard("a", DataKind.BUILD)).isEqualTo(RESULTS);

        session("a")
                .reserve("new", 60_000, 0)
                .refused(ErrorCode.EBUSY, "acknowledge")
                .changes();
        session("builder").reserve("new", 60_000, 0).gives(BuildReply.OutcomeCase.BUILD);
        session("a")
                .reserve("new", 60_000, -1)
                .refused(ErrorCode.EBUSY, "acknowledge")
                .changes();
        assertThat(session("a").reserve("new", 60_000, -1).reply().getError().getRetryAfterMillis())
                .isPositive();

        session("a").put("k", "1").gives(CacheReply.OutcomeCase.WRITTEN);
        session("a").acquire("x").gives(LockReply.OutcomeCase.GRANTED);
        session("a").permits("s", 1, 1, 0, 0).gives(SemaphoreReply.OutcomeCase.GRANTED);
        session("a").reserve("k0", 60_000, 0).gives(BuildReply.OutcomeCase.HIT);
        session("b").reserve("new", 60_000, -1).gives(BuildReply.OutcomeCase.WAIT);

        session("a").acksEvents(1).reserve("new", 60_000, -1).gives(BuildReply.OutcomeCase.WAIT);
        assertThat(unheard("a", DataKind.BUILD)).isEqualTo(RESULTS - 1);
    }

    @Test
    void whatWasTakenOnIsToldWithoutCredit() {
        long token = session("builder").reserve("late", 60_000, 0).token();
        session("a").reserve("late", 60_000, -1).gives(BuildReply.OutcomeCase.WAIT);
        hearResults("a", 0, RESULTS);
        session("a").heard();
        session("builder").complete("late", token, "1");
        assertThat(session("a").heard())
                .singleElement()
                .satisfies(event -> assertThat(event.getNumber()).isEqualTo(RESULTS + 1));
        assertThat(unheard("a", DataKind.BUILD)).isEqualTo(RESULTS + 1);
    }

    @Test
    @Feature("B-32")
    void whoHasNoCreditIsNotMadeToRefresh() {
        long token = session("builder").reserve("r", 60_000, 0).token();
        session("builder")
                .complete("r", CompleteBuild.newBuilder().setToken(token).setRefreshAfterMillis(10), "1");
        hearResults("a", 0, RESULTS);
        at(2_000);
        session("a").reserve("r", 60_000, 0).gives(BuildReply.OutcomeCase.HIT);
        session("b").reserve("r", 60_000, 0).gives(BuildReply.OutcomeCase.REFRESH);
    }

    @Test
    @Feature("G-12")
    void creditIsDerivedFromTheRowsAfterARestart() {
        hearResults("a", 0, RESULTS);
        Coordinator restored = new Store().save(core()).load();
        session("a").reserve("new", 60_000, 0).refused(ErrorCode.EBUSY);
        assertThat(restored.apply(index(), lastEntry())).isEqualTo(last());
        session("a").acksEvents(2).reserve("new", 60_000, 0).gives(BuildReply.OutcomeCase.BUILD);
        assertThat(restored.apply(index(), lastEntry())).isEqualTo(last());
        assertThat(restored.digest()).isEqualTo(core().digest());
    }

    @Test
    void lostGrantsThatNobodyAcknowledgesHoldBackLocks() {
        List<String> names =
                IntStream.range(0, 30).mapToObj(i -> i + "x".repeat(1_000)).toList();
        AcquireLock.Builder shortly = AcquireLock.newBuilder().setTtlMillis(10);
        int lost = 0;
        while (session("a").acquire(names, shortly).reply().getLock().hasGranted()) {
            session("a").acks(last().replies().get(0).getSeq());
            at(now() + 100).tick();
            lost++;
        }
        assertThat(lost).isBetween(500, 600);
        assertThat(unheard("a", DataKind.LOCK)).isEqualTo(lost);
        session("a").acquire(names, shortly).refused(ErrorCode.EBUSY, "LOCK");
        session("a").acquire("free", 0, -1).refused(ErrorCode.EBUSY, "LOCK");
        session("a").put("k", "1").gives(CacheReply.OutcomeCase.WRITTEN);
        session("a").reserve("k", 60_000, 0).gives(BuildReply.OutcomeCase.BUILD);
        session("b").acquire(names, shortly).gives(LockReply.OutcomeCase.GRANTED);
        session("a").acksEvents(lost).acquire("free").gives(LockReply.OutcomeCase.GRANTED);
        assertThat(unheard("a", DataKind.LOCK)).isZero();
    }

    @Test
    @Feature("G-12")
    void eachEventIsARowOfItsOwnSoThatNoRowGrows() {
        Store store = new Store();
        for (int i = 0; i < 1_000; i++) {
            losePermits("a");
        }
        assertThat(unheard("a", DataKind.SEMAPHORE)).isEqualTo(1_000);
        store.save(core());
        assertThat(store.rows().values())
                .hasSizeGreaterThan(2_000)
                .allSatisfy(row -> assertThat(row.length).isLessThan(200));
        losePermits("a");
        assertThat(core().capture().size()).as("rows that one more event takes").isLessThan(10);
    }

    private void losePermits(String session) {
        session(session).permits("s", 1, 1, 10, 0).gives(SemaphoreReply.OutcomeCase.GRANTED);
        at(now() + 100).tick();
    }

    @Test
    @Tag("slow")
    void soManyLostPermitsHoldBackSemaphoresHoweverSmall() {
        for (int i = 0; i < EventCredit.EVENTS_MAX; i++) {
            losePermits("a");
            session("a").acks(i);
        }
        session("a").permits("s", 1, 1, 10, 0).refused(ErrorCode.EBUSY, "SEMAPHORE");
        session("a").permits("t", 1, 1, 10, -1).refused(ErrorCode.EBUSY, "SEMAPHORE");
        session("a").acquire("x").gives(LockReply.OutcomeCase.GRANTED);
        session("b").permits("s", 1, 1, 10, 0).gives(SemaphoreReply.OutcomeCase.GRANTED);
        session("a").acksEvents(1).permits("t", 1, 1, 10, 0).gives(SemaphoreReply.OutcomeCase.GRANTED);
    }
}
