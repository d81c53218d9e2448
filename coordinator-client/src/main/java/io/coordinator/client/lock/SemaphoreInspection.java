package io.coordinator.client.lock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a semaphore's permits and who waits for them, at one moment. Times are cluster time in milliseconds.
 *
 * @param exists false if nobody uses it and nobody has set its size; the rest is then empty
 * @param limit how many permits there are
 * @param held how many of them are held; more than the limit for a while after a resize
 * @param holders in the order of their grants
 * @param waiters the first ones, in the order in which they will be served; those that want more than the limit are
 *     passed over
 * @param waiterCount also beyond those listed
 * @param clusterTimeMillis when this was true
 */
public record SemaphoreInspection(
        boolean exists,
        int limit,
        int held,
        List<Holder> holders,
        List<Waiter> waiters,
        int waiterCount,
        long clusterTimeMillis) {
    public SemaphoreInspection {
        holders = List.copyOf(holders);
        waiters = List.copyOf(waiters);
    }

    /**
     * A live grant.
     *
     * @param sessionId whose it is
     * @param clientName the name its client gave itself
     * @param token its id and fencing token
     * @param permits how many
     * @param acquiredAtMillis when it was granted
     * @param endsAtMillis when it ends unless extended; 0 for a grant bound to the session
     * @param contents what the holder attached, or null
     */
    public record Holder(
            long sessionId,
            String clientName,
            long token,
            int permits,
            long acquiredAtMillis,
            long endsAtMillis,
            @Nullable JsonNode contents) {}

    /**
     * A session in line.
     *
     * @param sessionId whose it is
     * @param clientName the name its client gave itself
     * @param permits how many it wants
     * @param queuedAtMillis since when it waits
     * @param deadlineMillis until when it waits; 0 for ever
     */
    public record Waiter(long sessionId, String clientName, int permits, long queuedAtMillis, long deadlineMillis) {}
}
