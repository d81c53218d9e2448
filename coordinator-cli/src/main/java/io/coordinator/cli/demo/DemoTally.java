package io.coordinator.cli.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the demo has seen so far. */
final class DemoTally {
    private final int workers;
    private final Set<String> ready = new TreeSet<>();
    private final Set<String> committers = new TreeSet<>();
    private final Set<Long> committedRevisions = new TreeSet<>();
    private final Map<String, String> results = new LinkedHashMap<>();
    private @Nullable String killedLeader;
    private long failoverMillis = -1;

    DemoTally(int workers) {
        this.workers = workers;
    }

    void ready(String worker) {
        ready.add(worker);
    }

    void committed(String worker) {
        committers.add(worker);
    }

    void committed(long revision) {
        committedRevisions.add(revision);
    }

    void result(String worker, String json) {
        results.put(worker, json);
    }

    void leaderKilled(String node) {
        killedLeader = node;
    }

    void failedOver(long millis) {
        failoverMillis = millis;
    }

    boolean allReady() {
        return ready.size() == workers;
    }

    boolean isLeaderKilled() {
        return killedLeader != null;
    }

    /** Whether it is all right that this process ended: the leader that was killed, a worker that has its result. */
    boolean mayEnd(String process) {
        return process.equals(killedLeader) || results.containsKey(process);
    }

    /** True when there is nothing left to wait for. */
    boolean complete() {
        return isLeaderKilled() && failoverMillis >= 0 && results.size() == workers && !committedRevisions.isEmpty();
    }

    /** What is still awaited, for the message of a demo that was given up. */
    String missing() {
        return workers - ready.size() + " workers not connected, " + (workers - results.size())
                + " without a result, leader "
                + (isLeaderKilled() ? "killed" : "not killed") + ", "
                + (failoverMillis < 0 ? "no write acknowledged since" : "writes go on") + ", "
                + committedRevisions.size()
                + " results committed";
    }

    /**
     * The counts.
     *
     * @param executions how often a build function began, as counted on disk
     */
    DemoResult result(int nodes, int executions) {
        // The cluster's count and the workers' own must agree; the larger one shows if they do not.
        int committed = Math.max(committedRevisions.size(), committers.size());
        int distinct = results.size() < workers
                ? 0
                : (int) results.values().stream().distinct().count();
        return new DemoResult(nodes, workers, isLeaderKilled(), executions, committed, distinct, failoverMillis);
    }
}
