package io.coordinator.client.cluster;

import io.coordinator.client.job.QueueSummary;
import io.coordinator.client.rpc.ProcedureSummary;
import io.coordinator.client.topic.GroupSummary;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts over the whole replicated state, at one log index.
 *
 * @param sessions open
 * @param counts what there is of each type of data, by name: {@code locks} (held), {@code lockWaiters},
 *     {@code cacheEntries}, {@code buildsPending}, {@code buildsDone}, {@code buildWaiters}, {@code semaphores} (in
 *     use or resized), {@code permitWaiters}, {@code documents}, {@code durableTopics}, {@code topicMessages} (kept),
 *     {@code consumerGroups}, {@code groupMembers}, {@code unsettledDeliveries} (delivered, or waiting for another
 *     attempt or for their key), {@code groupLag}, {@code groupRedeliveries}, {@code groupDeadLetters} and
 *     {@code groupMissed} (of all groups, or of 10,000 if there are more), {@code procedures} (names with workers or
 *     calls), {@code rpcWorkers}, {@code rpcCalls}, {@code rpcCallsWaiting} (for a worker), {@code queues},
 *     {@code queueWorkers}, {@code jobs} (remembered), {@code jobSteps}, {@code jobAwaits}; of all queues, or of
 *     10,000 if there are more: {@code queuesUnserved} (with jobs that wait, and without a worker, unless they are
 *     paused), {@code queueFreeSlots}, {@code jobsWaiting}, {@code jobsDelayed}, {@code jobsRetrying} (delayed ones
 *     that wait for another attempt), {@code jobsRunning}, {@code jobsDead}, and since the queues were made
 *     {@code jobsSubmitted}, {@code jobsSucceeded}, {@code jobsDied}, {@code jobAttemptsFailed} and
 *     {@code jobAttemptsLost}; {@code schedules}, {@code schedulesPaused}, {@code schedulesFired},
 *     {@code schedulesMisfired}, {@code schedulesSkipped}, and whatever a newer cluster counts besides; in the
 *     cluster's order
 * @param lastToken the last fencing token issued
 * @param revision the global revision
 * @param digest of the state at {@code index}
 * @param index the log index of this answer
 * @param stateBytes the heap that the state takes on each node, as estimated
 * @param stateBytesMax its quota; 0 if there is none yet
 * @param chores large jobs, such as clears, that are being done in slices
 * @param usage by kind and namespace, the largest first; at most 100
 * @param groups of all namespaces, those that are furthest behind first; at most 20
 * @param procedures names of all namespaces that have workers or calls, those with most calls first; at most 20
 * @param queues of all namespaces, those whose jobs have waited longest first, and of the same whole seconds those with
 *     most jobs; at most 20
 */
public record ClusterStats(
        long sessions,
        Map<String, Long> counts,
        long lastToken,
        long revision,
        long digest,
        long index,
        long stateBytes,
        long stateBytesMax,
        long chores,
        List<NamespaceUsage> usage,
        List<GroupSummary> groups,
        List<ProcedureSummary> procedures,
        List<QueueSummary> queues) {
    public ClusterStats {
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
        usage = List.copyOf(usage);
        groups = List.copyOf(groups);
        procedures = List.copyOf(procedures);
        queues = List.copyOf(queues);
    }

    /**
     * One of the counts.
     *
     * @param name as in {@link #counts}
     * @return 0 if the cluster, being older or newer, does not count that
     */
    public long count(String name) {
        return counts.getOrDefault(name, 0L);
    }
}
