package io.coordinator.client;

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

    /** A lock that is held. */
    public record Held(String namespace, String name, LockInspection.Hold hold) {}

    /** A request in line; its names are the waiter's. */
    public record Wanted(String namespace, LockInspection.Waiter waiter) {}
}
