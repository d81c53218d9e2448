package io.coordinator.client.lock;

import io.coordinator.client.watch.ChangeEvent;
import java.util.List;

/**
 * Sessions that wait for each other in a circle, so that none can go on until one gives up or a ttl ends (B-31).
 *
 * @param members each waits for the next one, the last for the first
 */
public record WaitCycle(List<Member> members) {
    public WaitCycle {
        members = List.copyOf(members);
    }

    /**
     * A session in the circle, and what it waits for.
     *
     * @param sessionId the session
     * @param clientName the name its client gave itself
     * @param data a lock or a semaphore
     * @param namespace of what it waits for
     * @param name of what it waits for
     */
    public record Member(long sessionId, String clientName, ChangeEvent.Data data, String namespace, String name) {}
}
