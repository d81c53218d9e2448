package io.coordinator.client.rpc;

import java.util.List;

/**
 * A name that has workers or calls.
 *
 * @param summary its numbers
 * @param workers in the order in which they registered; at most 1,000
 */
public record ProcedureStatus(ProcedureSummary summary, List<Worker> workers) {
    public ProcedureStatus {
        workers = List.copyOf(workers);
    }

    /**
     * A worker.
     *
     * @param sessionId the session of its client
     * @param clientName how its client calls itself
     * @param concurrency how many calls it takes at a time
     * @param inFlight how many it has
     * @param draining whether it gets no more calls, and completes those that it has
     */
    public record Worker(long sessionId, String clientName, int concurrency, int inFlight, boolean draining) {}
}
