package io.coordinator.client.lock;

import java.util.List;

/**
 * What a session holds and waits for (B-30).
 *
 * @param held one for each lock
 * @param waiting one for each request in line
 */
public record HeldLocks(List<Held> held, List<Wanted> waiting) {
    public HeldLocks {
        held = List.copyOf(held);
        waiting = List.copyOf(waiting);
    }

    /**
     * A lock that is held.
     *
     * @param namespace of the lock
     * @param name of the lock
     * @param hold what holds it
     */
    public record Held(String namespace, String name, LockInspection.Hold hold) {}

    /**
     * A request in line; its names are the waiter's.
     *
     * @param namespace of the locks
     * @param waiter what waits
     */
    public record Wanted(String namespace, LockInspection.Waiter waiter) {}
}
