package io.coordinator.state.lock;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.LockWaiter;
import io.coordinator.state.kernel.Budget;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.WaitQueues;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for locks: one row for each, keyed by its ticket, and a place in the queue of each lock that it wants,
 * which is in the lock's lane.
 */
final class LockQueues {
    static final int NUMBER = 1;

    /** To line up for one name. */
    private static final long NAME_STEPS = 40;

    private static final WaitQueues.Columns<LockWaiter> COLUMNS =
            new WaitQueues.Columns<>(LockWaiter::getSessionId, LockWaiter::getRequestSeq, LockWaiter::getTicket);

    private final WaitQueues<LockWaiter> queues;
    private final Lanes lanes;
    private final Budget budget;

    LockQueues(Storage storage, Lanes lanes) {
        queues = new WaitQueues<>(
                storage.table(DataKind.LOCK, NUMBER, LockHeap.WAITERS, LockWaiter::getDeadlineMillis),
                COLUMNS,
                new ByTicket(),
                lanes,
                storage.undo());
        this.lanes = lanes;
        budget = storage.budget();
    }

    /** The key of a row is the ticket alone, since a waiter may wait for many locks. */
    private static final class ByTicket implements WaitQueues.Keys<LockWaiter> {
        private static final HexFormat HEX = HexFormat.of();

        @Override
        public String rowKey(List<String> waitedFor, long ticket) {
            return HEX.toHexDigits(ticket);
        }

        @Override
        public List<String> waitedFor(String rowKey, LockWaiter waiter) {
            return keys(waiter);
        }
    }

    static List<Name> names(LockWaiter waiter) {
        return LockNames.of(waiter.getNamespace(), waiter.getNamesList());
    }

    private static List<String> keys(LockWaiter waiter) {
        if (waiter.getNamesCount() == 1) {
            return List.of(Name.of(waiter.getNamespace(), waiter.getNames(0)).key());
        }
        List<String> keys = new ArrayList<>(waiter.getNamesCount());
        for (String name : waiter.getNamesList()) {
            keys.add(Name.of(waiter.getNamespace(), name).key());
        }
        return keys;
    }

    /** Appends a waiter and returns how many are ahead of it, at most, on any of its locks. */
    int add(LockWaiter waiter) {
        budget.steps("names", NAME_STEPS * waiter.getNamesCount());
        return queues.add(keys(waiter), waiter);
    }

    void remove(LockWaiter waiter) {
        queues.remove(keys(waiter), waiter);
    }

    @Nullable
    LockWaiter row(String rowKey) {
        return queues.row(rowKey);
    }

    /** What this request of this session queued; null if there is nothing (any more). */
    @Nullable
    LockWaiter find(long sessionId, long requestSeq) {
        return queues.find(sessionId, requestSeq);
    }

    /** A session's oldest waiter; null if it has none. */
    @Nullable
    LockWaiter first(long sessionId) {
        return queues.oldest(sessionId);
    }

    /** How many waiters a session has. */
    int count(long sessionId) {
        return queues.count(sessionId);
    }

    /** Visits the waiters of a session, the oldest first, for as long as the visitor wants more. */
    void forEach(long sessionId, Predicate<LockWaiter> visitor) {
        queues.forEach(sessionId, visitor);
    }

    /** Whether it is next wherever it waits. */
    boolean isNext(List<Name> names, LockWaiter waiter) {
        for (Name name : names) {
            Lane lane = lanes.find(name.key());
            LockWaiter head = lane == null ? null : lane.head();
            if (head == null || head.getTicket() != waiter.getTicket()) {
                return false;
            }
        }
        return true;
    }

    int size() {
        return queues.size();
    }

    /** Visits the locks for which anybody waits, in the order of names, for as long as the visitor wants more. */
    void forEachWaited(Predicate<Lane> visitor) {
        queues.forEachWaited((key, queue) -> {
            Lane lane = lanes.find(key);
            return lane != null && visitor.test(lane);
        });
    }

    void rebuild() {
        queues.rebuild();
    }
}
