package io.coordinator.state.rpc;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Lease;
import io.coordinator.protocol.PoolMember;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.UndoLog;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The workers: members of the pool of their name. A session has one registration for a name that gets calls; those
 * before it may still have some. A worker that has left without draining has the capacity 0 and is not listed.
 */
final class ProcedureWorkers {
    private static final int NUMBER = 1;

    private final Pools pools;
    private final UndoLog undo;
    /** Tickets by session and name, of those that get calls. */
    private final Map<Long, TreeMap<String, Long>> active = new HashMap<>();
    /** How many members of a pool are not listed. */
    private final Map<String, Integer> unlisted = new HashMap<>();

    ProcedureWorkers(Storage storage, SessionDirectory sessions) {
        pools = new Pools(storage, DataKind.RPC, NUMBER, sessions);
        undo = storage.undo();
    }

    Pools pools() {
        return pools;
    }

    static boolean isListed(PoolMember worker) {
        return worker.getCapacity() != 0;
    }

    /** The registration by which a session gets calls of a name; null if it has none. */
    @Nullable
    PoolMember find(Name name, long sessionId) {
        Map<String, Long> names = active.get(sessionId);
        Long ticket = names == null ? null : names.get(name.key());
        return ticket == null ? null : pools.find(name.key(), ticket);
    }

    /** The next name behind this one for which a session gets calls; null if there is none. */
    @Nullable
    String nameAfter(long sessionId, String key) {
        TreeMap<String, Long> names = active.get(sessionId);
        return names == null ? null : names.higherKey(key);
    }

    /** Whether anybody gets calls of a name, or will when it has room. */
    boolean hasWorker(Name name) {
        return pools.next(name.key()) != null || pools.eldest(name.key()) != null;
    }

    /** How many workers of a name are listed. */
    int size(Name name) {
        return pools.size(name.key()) - unlisted.getOrDefault(name.key(), 0);
    }

    void add(Name name, PoolMember worker) {
        pools.join(name.key(), worker);
        activate(name.key(), worker);
        undo.add(() -> deactivate(name.key(), worker));
    }

    /**
     * Gives a worker no more calls; it goes at once if it has none.
     *
     * @param listed whether it is listed until it goes
     */
    void leave(Name name, PoolMember worker, boolean listed) {
        if (!worker.getLeaving()) {
            deactivate(name.key(), worker);
            undo.add(() -> activate(name.key(), worker));
        }
        if (pools.leased(name.key(), worker.getTicket()) == 0) {
            pools.remove(name.key(), worker.getTicket());
        } else if (!worker.getLeaving() || (isListed(worker) && !listed)) {
            PoolMember.Builder leaving = worker.toBuilder().setLeaving(true);
            pools.update(name.key(), (listed ? leaving : leaving.clearCapacity()).build());
            if (!listed) {
                unlist(name, 1);
            }
        }
    }

    /** Ends a lease; a worker that has left goes with its last one. */
    void end(Name name, Lease lease) {
        PoolMember worker = pools.find(name.key(), lease.getMember());
        pools.end(name.key(), lease);
        if (worker != null && !isListed(worker) && pools.find(name.key(), lease.getMember()) == null) {
            unlist(name, -1);
        }
    }

    /** Derives the workers; their leases must follow. */
    void rebuild() {
        pools.rebuild();
        pools.forEach((pool, worker) -> {
            if (!worker.getLeaving()) {
                activate(pool, worker);
            }
            if (!isListed(worker)) {
                count(pool, 1);
            }
        });
    }

    private void activate(String pool, PoolMember worker) {
        active.computeIfAbsent(worker.getSessionId(), id -> new TreeMap<>()).put(pool, worker.getTicket());
    }

    private void deactivate(String pool, PoolMember worker) {
        Map<String, Long> names = active.get(worker.getSessionId());
        if (names != null && names.remove(pool, worker.getTicket()) && names.isEmpty()) {
            active.remove(worker.getSessionId());
        }
    }

    private void unlist(Name name, int change) {
        count(name.key(), change);
        undo.add(() -> count(name.key(), -change));
    }

    private void count(String pool, int change) {
        unlisted.merge(pool, change, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
    }
}
