package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.BuildWaiter;
import io.coordinator.protocol.DataKind;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Those who wait, in the order in which they came, of two kinds: those that only wait are of the second. */
@Feature("PM-LOCK-5")
class WaitQueuesTest {
    private static final long A = 1;
    private static final long B = 2;

    private final Storage storage = new Storage();
    private final Table<BuildWaiter> rows =
            storage.table(DataKind.BUILD, 1, WaitQueues.format(BuildWaiter.parser()), BuildWaiter::getDeadlineMillis);
    private final WaitQueues<BuildWaiter> queues = queues();

    private WaitQueues<BuildWaiter> queues() {
        return new WaitQueues<>(
                rows,
                new WaitQueues.Columns<>(
                        BuildWaiter::getSessionId,
                        BuildWaiter::getRequestSeq,
                        BuildWaiter::getTicket,
                        waiter -> waiter.getOnlyWait() ? 1 : 0,
                        2),
                storage.undo());
    }

    private static BuildWaiter waiter(long session, long ticket, boolean onlyWaits) {
        return BuildWaiter.newBuilder()
                .setSessionId(session)
                .setRequestSeq(ticket)
                .setTicket(ticket)
                .setOnlyWait(onlyWaits)
                .build();
    }

    /** For {@code k} of both kinds in turns, for {@code l} one. */
    private void fill() {
        assertThat(queues.add("k", waiter(A, 1, false))).isZero();
        assertThat(queues.add("k", waiter(B, 2, true))).isEqualTo(1);
        assertThat(queues.add("l", waiter(A, 3, false))).isZero();
        assertThat(queues.add("k", waiter(A, 300, true))).isEqualTo(2);
        assertThat(queues.add("k", waiter(B, 400, false))).isEqualTo(3);
    }

    private List<Long> order(WaitQueues<BuildWaiter> of) {
        List<Long> tickets = new ArrayList<>();
        of.scan((key, waiter) -> tickets.add(waiter.getTicket()));
        return tickets;
    }

    private static long ticket(@Nullable BuildWaiter waiter) {
        return waiter == null ? 0 : waiter.getTicket();
    }

    @Test
    void theFirstIsTheOneThatCameFirstOfAllAndOfEachKind() {
        assertThat(queues.peek("k")).isNull();
        fill();
        assertThat(ticket(queues.peek("k"))).isEqualTo(1);
        assertThat(ticket(queues.first("k", 0, 0))).isEqualTo(1);
        assertThat(ticket(queues.first("k", 0, 1))).isEqualTo(400);
        assertThat(queues.first("k", 0, 400)).isNull();
        assertThat(ticket(queues.first("k", 1, 0))).isEqualTo(2);
        assertThat(ticket(queues.first("k", 1, 2))).isEqualTo(300);
        assertThat(queues.first("none", 0, 0)).isNull();
        queues.remove("k", waiter(A, 1, false));
        assertThat(ticket(queues.peek("k"))).isEqualTo(2);
        assertThat(ticket(queues.peek("l"))).isEqualTo(3);
    }

    @Test
    void theLastOfEachKindIsKnown() {
        assertThat(queues.lastTicket("k", 0)).isZero();
        fill();
        assertThat(queues.lastTicket("k", 0)).isEqualTo(400);
        assertThat(queues.lastTicket("k", 1)).isEqualTo(300);
        assertThat(queues.lastTicket("l", 0)).isEqualTo(3);
        assertThat(queues.lastTicket("l", 1)).isZero();
    }

    @Test
    void areCountedByQueueByKindAndBySession() {
        fill();
        assertThat(queues.size()).isEqualTo(5);
        assertThat(queues.size("k")).isEqualTo(4);
        assertThat(queues.size("k", 1)).isEqualTo(2);
        assertThat(queues.size("l")).isEqualTo(1);
        assertThat(queues.size("l", 1)).isZero();
        assertThat(queues.size("none")).isZero();
        assertThat(queues.size("none", 1)).isZero();
        assertThat(queues.count(A)).isEqualTo(3);
        assertThat(queues.count(B)).isEqualTo(2);
    }

    @Test
    @Feature("G-7")
    void areFoundByTheirRequestForTheKeyForWhichItWaits() {
        fill();
        assertThat(ticket(queues.find("k", B, 2))).isEqualTo(2);
        assertThat(queues.find("l", B, 2)).isNull();
        assertThat(queues.find("k", A, 2)).isNull();
        assertThat(queues.find("k", A, 99)).isNull();
    }

    @Test
    @Feature("PM-LOCK-6")
    void thoseOfASessionAreDroppedOneByOneTheOldestFirst() {
        fill();
        assertThat(queues.drop(A)).isEqualTo("k");
        assertThat(queues.drop(A)).isEqualTo("l");
        assertThat(queues.size("l")).isZero();
        assertThat(queues.drop(A)).isEqualTo("k");
        assertThat(queues.drop(A)).isNull();
        assertThat(order(queues)).containsExactly(400L, 2L);
    }

    @Test
    void isLookedThroughQueueByQueueForAsLongAsWanted() {
        fill();
        assertThat(order(queues)).containsExactly(1L, 400L, 2L, 300L, 3L);
        List<Long> seen = new ArrayList<>();
        queues.scan((key, waiter) -> {
            seen.add(waiter.getTicket());
            return seen.size() < 2;
        });
        assertThat(seen).containsExactly(1L, 400L);
    }

    @Test
    void theHeadIsOfAllKindsInTheirOrder() {
        fill();
        assertThat(queues.head("k", 3)).extracting(BuildWaiter::getTicket).containsExactly(1L, 2L, 300L);
        assertThat(queues.head("k", 9)).hasSize(4);
        assertThat(queues.head("k", 0)).isEmpty();
        assertThat(queues.head("none", 3)).isEmpty();
    }

    @Test
    @Feature("R-24")
    void areAsTheyWereWhenChangesAreTakenBack() {
        fill();
        List<Long> before = order(queues);
        storage.undo().open();
        queues.add("k", waiter(B, 500, true));
        queues.add("new", waiter(B, 501, true));
        queues.remove("l", waiter(A, 3, false));
        queues.drop(A);
        storage.undo().takeBack();
        assertThat(order(queues)).isEqualTo(before);
        assertThat(queues.size("new")).isZero();
        assertThat(queues.count(A)).isEqualTo(3);
        assertThat(queues.count(B)).isEqualTo(2);
        assertThat(ticket(queues.peek("k"))).isEqualTo(1);
    }

    @Test
    @Feature("G-12")
    void areDerivedFromTheirRows() {
        fill();
        WaitQueues<BuildWaiter> restored = queues();
        restored.rebuild();
        assertThat(order(restored)).isEqualTo(order(queues));
        assertThat(restored.count(A)).isEqualTo(3);
        assertThat(ticket(restored.find("k", B, 2))).isEqualTo(2);
        assertThat(restored.lastTicket("k", 0)).isEqualTo(400);
        assertThat(restored.remove("none")).isNull();
    }
}
