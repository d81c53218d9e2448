package io.coordinator.cli.demo;

import java.util.Locale;

/**
 * What the act of the jobs counted.
 *
 * @param jobs that were submitted
 * @param results of them that their submitters got
 * @param once of how many the effect is found exactly once in the document
 * @param lines of the document, which has one for each effect
 * @param counter one more for each effect
 * @param leaderKilled whether the leader was killed meanwhile
 * @param workers the worker processes
 * @param workersKilled how many of them were killed
 * @param workersPaused how many of them were paused for longer than their lease
 * @param ranAgain how many jobs had their function run more than once
 * @param refused how many completions were refused, since the job was another attempt's by then
 * @param millis from the first submission to the last result
 */
record JobsResult(
        int jobs,
        int results,
        int once,
        int lines,
        long counter,
        boolean leaderKilled,
        int workers,
        int workersKilled,
        int workersPaused,
        int ranAgain,
        int refused,
        long millis) {

    /** Whether all that was to happen did, and each effect exactly once. */
    boolean succeeded() {
        return leaderKilled
                && workersKilled == JobsAct.WORKERS_KILLED
                && workersPaused == 1
                && results == jobs
                && once == jobs
                && lines == jobs
                && counter == jobs;
    }

    String toJson() {
        return "{\"submitted\":" + jobs + ",\"results\":" + results + ",\"effectsOnce\":" + once + ",\"effects\":"
                + lines + ",\"counter\":" + counter + ",\"leaderKilled\":" + leaderKilled + ",\"workers\":" + workers
                + ",\"workersKilled\":" + workersKilled + ",\"workersPaused\":" + workersPaused + ",\"ranAgain\":"
                + ranAgain + ",\"refused\":" + refused + ",\"millis\":" + millis + "}";
    }

    /** The same for people. */
    String sentence() {
        return (succeeded() ? "done: " : "FAILED: ") + "each effect happened exactly once: " + once + " of " + jobs
                + (succeeded() ? "" : " (the document has " + lines + " lines, the counter is at " + counter + ")")
                + "; " + counted(ranAgain, "function") + " ran twice or more, " + counted(refused, "late completion")
                + " refused; " + results + " results received, in "
                + String.format(Locale.ROOT, "%.1f s", millis / 1e3) + "; "
                + (leaderKilled ? "the leader" : "no leader") + " and " + workersKilled + " of " + workers
                + " workers were killed, " + workersPaused + " paused";
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
