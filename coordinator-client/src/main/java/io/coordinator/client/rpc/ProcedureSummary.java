package io.coordinator.client.rpc;

import java.time.Duration;

/**
 * A name that has workers or calls, in numbers.
 *
 * @param namespace of the name
 * @param name that is called
 * @param workers how many serve it
 * @param inFlight how many calls a worker has
 * @param backlog how many calls wait for a worker
 * @param backlogMax how many may wait
 * @param longestWait for how long the first of those has waited, in milliseconds of cluster time; 0 if none waits
 */
public record ProcedureSummary(
        String namespace,
        String name,
        int workers,
        long inFlight,
        long backlog,
        long backlogMax,
        Duration longestWait) {

    /** How many calls are not over. */
    public long pendingCalls() {
        return inFlight + backlog;
    }
}
