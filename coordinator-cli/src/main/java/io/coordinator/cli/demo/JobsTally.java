package io.coordinator.cli.demo;

import java.util.Set;
import java.util.TreeSet;

/** What the act of the jobs has seen so far. */
final class JobsTally {
    private final int processes;
    private final int jobs;
    private final Set<String> ready = new TreeSet<>();
    private final Set<String> completed = new TreeSet<>();
    private final Set<String> killed = new TreeSet<>();
    private final Set<String> submitters = new TreeSet<>();
    private final Set<String> left = new TreeSet<>();
    private int results;
    private int refused;
    private int killedWorkers;
    private boolean allServe;
    private boolean leaderKilled;
    private boolean writesGoOn;
    private boolean paused;
    private boolean resumed;

    /**
     * Nothing yet.
     *
     * @param processes that are to connect
     * @param jobs that are to be submitted
     */
    JobsTally(int processes, int jobs) {
        this.processes = processes;
        this.jobs = jobs;
    }

    void ready(String process) {
        ready.add(process);
    }

    void allServe() {
        allServe = true;
    }

    /** The job's completion was accepted; returns how many were. */
    int completed(String job) {
        completed.add(job);
        return completed.size();
    }

    void refused() {
        refused++;
    }

    void results(String submitter, int count) {
        submitters.add(submitter);
        results += count;
    }

    void workerKilled(String worker) {
        killed.add(worker);
        killedWorkers++;
    }

    void leaderKilled(String node) {
        killed.add(node);
        leaderKilled = true;
    }

    void failedOver() {
        writesGoOn = true;
    }

    void paused() {
        paused = true;
    }

    void resumed() {
        resumed = true;
    }

    /** A worker has ended as it was told to. */
    void left(String worker) {
        left.add(worker);
    }

    boolean isPaused() {
        return paused;
    }

    boolean isLeaderKilled() {
        return leaderKilled;
    }

    int workersKilled() {
        return killedWorkers;
    }

    int workersLeft() {
        return left.size();
    }

    /** Whether it is all right that this process ended: it was killed, or has what it wanted. */
    boolean mayEnd(String process) {
        return killed.contains(process) || submitters.contains(process);
    }

    /** True when the jobs can be submitted. */
    boolean canBegin() {
        return allServe && ready.size() == processes;
    }

    /** True when every job is done, its submitter has its result, and all was done that was to go wrong. */
    boolean complete() {
        return completed.size() == jobs && results == jobs && leaderKilled && writesGoOn && resumed;
    }

    /** What is still awaited, for the message of an act that was given up. */
    String missing() {
        return processes - ready.size() + " processes not connected, " + (jobs - completed.size())
                + " jobs not completed, " + (jobs - results) + " results not received, leader "
                + (leaderKilled ? "killed" : "not killed") + ", "
                + (writesGoOn ? "writes go on" : "no write acknowledged since") + ", a worker "
                + (resumed ? "paused and resumed" : paused ? "paused" : "not paused");
    }

    /**
     * The counts.
     *
     * @param effects what the cluster has of them
     * @param ranAgain as counted on disk
     */
    JobsResult result(JobEffects.Found effects, int ranAgain, long millis) {
        return new JobsResult(
                jobs,
                results,
                effects.once(),
                effects.lines(),
                effects.counter(),
                leaderKilled,
                JobsAct.WORKERS,
                killedWorkers,
                resumed ? 1 : 0,
                ranAgain,
                refused,
                millis);
    }
}
