package io.coordinator.state.lock;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.LockWaiter;
import io.coordinator.state.kernel.Budget;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.SessionIndex;
import io.coordinator.state.kernel.SortedKeys;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UndoLog;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait: one row for each, keyed by its ticket, and a place in the queue of each lock that it wants. All queues
 * are in the order of tickets, so whoever has the lowest ticket of all is at the head wherever it waits.
 */
final class LockQueues {
    static final int NUMBER = 1;

    /** To line up for one name. */
    private static final long NAME_STEPS = 40;

    private static final HexFormat HEX = HexFormat.of();

    private final Table<LockWaiter> rows;
    private final Lanes lanes;
    private final UndoLog undo;
    private final Budget budget;
    private final SessionIndex requests;
    /** The keys of the locks for which anybody waits. */
    private final SortedKeys waited = new SortedKeys();

    LockQueues(Storage storage, Lanes lanes) {
        rows = storage.table(DataKind.LOCK, NUMBER, LockHeap.WAITERS, LockWaiter::getDeadlineMillis);
        this.lanes = lanes;
        undo = storage.undo();
        budget = storage.budget();
        requests = new SessionIndex(undo);
    }

    static List<Name> names(LockWaiter waiter) {
        return LockNames.of(waiter.getNamespace(), waiter.getNamesList());
    }

    /** Appends a waiter and returns how many are ahead of it, at most, on any of its locks. */
    int add(LockWaiter waiter) {
        String key = key(waiter);
        budget.steps("names", NAME_STEPS * waiter.getNamesCount());
        rows.put(key, waiter);
        return enqueue(key, waiter);
    }

    @Nullable
    LockWaiter row(String rowKey) {
        return rows.get(rowKey);
    }

    /** What this request of this session queued; null if there is nothing (any more). */
    @Nullable
    LockWaiter find(long sessionId, long requestSeq) {
        String key = requests.get(sessionId, requestSeq);
        return key == null ? null : rows.get(key);
    }

    /** A session's oldest waiter; null if it has none. */
    @Nullable
    LockWaiter first(long sessionId) {
        String key = requests.first(sessionId);
        return key == null ? null : rows.get(key);
    }

    /** How many waiters a session has. */
    int count(long sessionId) {
        return requests.count(sessionId);
    }

    /** Visits the waiters of a session, the oldest first, for as long as the visitor wants more. */
    void forEach(long sessionId, Predicate<LockWaiter> visitor) {
        for (String key : requests.of(sessionId)) {
            LockWaiter waiter = rows.get(key);
            if (waiter == null || !visitor.test(waiter)) {
                return;
            }
        }
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

    void remove(LockWaiter waiter) {
        rows.remove(key(waiter));
        dequeue(waiter);
        undo.add(() -> line(waiter));
        requests.remove(waiter.getSessionId(), waiter.getRequestSeq());
    }

    int size() {
        return rows.size();
    }

    /** Visits the locks for which anybody waits, in the order of names, for as long as the visitor wants more. */
    void forEachWaited(Predicate<Lane> visitor) {
        for (String key = waited.ceiling(""); key != null; key = waited.higher(key)) {
            Lane lane = lanes.find(key);
            if (lane == null || !visitor.test(lane)) {
                return;
            }
        }
    }

    void rebuild() {
        // In the order of keys, which is that of tickets: they have a fixed width.
        rows.forEachInOrder(this::enqueue);
    }

    private int line(LockWaiter waiter) {
        int ahead = 0;
        for (Name name : names(waiter)) {
            Lane lane = lanes.obtain(name);
            ahead = Math.max(ahead, lane.waiting());
            if (lane.waiting() == 0) {
                waited.add(name.key());
            }
            lane.enqueue(waiter);
        }
        return ahead;
    }

    private void dequeue(LockWaiter waiter) {
        for (Name name : names(waiter)) {
            Lane lane = lanes.obtain(name);
            lane.dequeue(waiter.getTicket());
            if (lane.waiting() == 0) {
                waited.remove(name.key());
            }
            lanes.forgetIfIdle(lane);
        }
    }

    private int enqueue(String key, LockWaiter waiter) {
        int ahead = line(waiter);
        undo.add(() -> dequeue(waiter));
        requests.add(waiter.getSessionId(), waiter.getRequestSeq(), key);
        return ahead;
    }

    private static String key(LockWaiter waiter) {
        return HEX.toHexDigits(waiter.getTicket());
    }
}
