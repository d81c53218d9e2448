package io.coordinator.state.lock;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.LockWaiter;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.RowVisitor;
import io.coordinator.state.kernel.Storage;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Those who wait for locks, each in the queue of every lock that it wants. */
@Feature({"PM-LOCK-5", "B-08"})
class LockQueuesTest {
    private static final long A = 1;
    private static final long B = 2;

    private final Storage storage = new Storage();
    private final Lanes lanes = new Lanes();
    private final LockQueues queues = new LockQueues(storage, lanes);

    private static LockWaiter waiter(long session, long ticket, String... names) {
        return LockWaiter.newBuilder()
                .setSessionId(session)
                .setRequestSeq(ticket)
                .setTicket(ticket)
                .setNamespace("ns")
                .addAllNames(List.of(names))
                .build();
    }

    private void fill() {
        assertThat(queues.add(waiter(A, 1, "x"))).isZero();
        assertThat(queues.add(waiter(B, 2, "x", "y"))).isEqualTo(1);
        assertThat(queues.add(waiter(A, 300, "y"))).isEqualTo(1);
        assertThat(queues.add(waiter(A, 400, "z", "x"))).isEqualTo(2);
    }

    private List<Object> seen() {
        List<Object> seen = new ArrayList<>();
        queues.forEachWaited(lane -> {
            seen.add(lane.name().name());
            lane.waiters().forEach(waiter -> seen.add(waiter.getTicket()));
            return true;
        });
        for (long session : new long[] {A, B}) {
            seen.add(queues.count(session));
            queues.forEach(session, seen::add);
        }
        seen.add(queues.size());
        seen.add(lanes.size());
        return seen;
    }

    private boolean isNext(LockWaiter waiter) {
        return queues.isNext(LockQueues.names(waiter), waiter);
    }

    @Test
    void eachIsInTheQueueOfEveryLockThatItWants() {
        fill();
        assertThat(seen().subList(0, 10)).containsExactly("x", 1L, 2L, 400L, "y", 2L, 300L, "z", 400L, 3);
        assertThat(queues.count(B)).isEqualTo(1);
        assertThat(queues.size()).isEqualTo(4);
        assertThat(queues.find(B, 2)).isEqualTo(waiter(B, 2, "x", "y"));
        assertThat(queues.find(B, 1)).isNull();
        assertThat(queues.first(A)).isEqualTo(waiter(A, 1, "x"));
        assertThat(queues.first(99)).isNull();
    }

    @Test
    void whoIsFirstEverywhereIsNext() {
        fill();
        assertThat(isNext(waiter(A, 1, "x"))).isTrue();
        assertThat(isNext(waiter(B, 2, "x", "y"))).isFalse();
        assertThat(isNext(waiter(A, 400, "z", "x"))).isFalse();
        queues.remove(waiter(A, 1, "x"));
        assertThat(isNext(waiter(B, 2, "x", "y"))).isTrue();
        assertThat(isNext(waiter(A, 300, "y"))).isFalse();
        assertThat(isNext(waiter(A, 1, "free"))).isFalse();
    }

    @Test
    void whoeverGoesLeavesNothingBehind() {
        fill();
        queues.remove(waiter(B, 2, "x", "y"));
        assertThat(queues.find(B, 2)).isNull();
        assertThat(queues.count(B)).isZero();
        queues.remove(waiter(A, 1, "x"));
        queues.remove(waiter(A, 300, "y"));
        assertThat(lanes.find(Name.of("ns", "y").key())).isNull();
        queues.remove(waiter(A, 400, "z", "x"));
        assertThat(seen()).isEqualTo(new LockQueuesTest().seen());
    }

    @Test
    void areVisitedForAsLongAsWanted() {
        fill();
        List<Long> visited = new ArrayList<>();
        queues.forEach(A, waiter -> {
            visited.add(waiter.getTicket());
            return visited.size() < 2;
        });
        assertThat(visited).containsExactly(1L, 300L);
        List<String> lanesVisited = new ArrayList<>();
        queues.forEachWaited(lane -> {
            lanesVisited.add(lane.name().name());
            return lanesVisited.size() < 2;
        });
        assertThat(lanesVisited).containsExactly("x", "y");
    }

    @Test
    @Feature("C-04")
    void toLineUpCountsEachName() {
        long before = storage.budget().stepsOfEntry();
        queues.add(waiter(A, 1, "x"));
        long one = storage.budget().stepsOfEntry() - before;
        queues.add(waiter(A, 2, "x", "y", "z"));
        long three = storage.budget().stepsOfEntry() - before - one;
        assertThat(three - one).isEqualTo(80);
    }

    @Test
    @Feature("R-24")
    void allIsAsItWasWhenChangesAreTakenBack() {
        fill();
        List<Object> before = seen();
        storage.undo().open();
        queues.add(waiter(B, 500, "w", "x"));
        queues.remove(waiter(A, 300, "y"));
        queues.remove(waiter(B, 2, "x", "y"));
        assertThat(seen()).isNotEqualTo(before);
        storage.undo().takeBack();
        assertThat(seen()).isEqualTo(before);
    }

    @Test
    @Feature("G-12")
    void allIsDerivedFromTheRowsAfterARestart() {
        fill();
        LockQueuesTest restored = new LockQueuesTest();
        storage.capture().forEach(new RowVisitor() {
            @Override
            public void put(byte[] key, byte[] value) {
                try {
                    assertThat(restored.storage.load(key, value)).isTrue();
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public void delete(byte[] key) {
                throw new AssertionError("nothing was deleted");
            }
        });
        restored.queues.rebuild();
        assertThat(restored.seen()).isEqualTo(seen());
        assertThat(restored.queues.find(B, 2)).isEqualTo(waiter(B, 2, "x", "y"));
    }
}
