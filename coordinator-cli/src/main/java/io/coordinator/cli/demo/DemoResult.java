package io.coordinator.cli.demo;

/**
 * What a demo counted.
 *
 * @param nodes the server processes
 * @param workers the worker processes
 * @param leaderKilled whether the leader was killed while the build ran
 * @param executions how often a build function began
 * @param committed how many results the cluster committed
 * @param distinctResults how many different results the workers got; 0 if any of them got none
 * @param failoverMillis from the kill to the next acknowledged write
 */
record DemoResult(
        int nodes,
        int workers,
        boolean leaderKilled,
        int executions,
        int committed,
        int distinctResults,
        long failoverMillis) {

    boolean succeeded() {
        return leaderKilled && executions == 1 && committed == 1 && distinctResults == 1;
    }

    String toJson() {
        return "{\"nodes\":" + nodes + ",\"workers\":" + workers + ",\"leaderKilled\":" + leaderKilled
                + ",\"executions\":"
                + executions + ",\"committed\":" + committed + ",\"distinctResults\":" + distinctResults
                + ",\"failoverMillis\":" + failoverMillis + "}";
    }

    /** The same for people. */
    String sentence() {
        return (succeeded() ? "done: " : "FAILED: ") + workers + " workers asked, the build ran " + times(executions)
                + ", "
                + committed + " result committed, " + distinctResults + " distinct result received; "
                + (leaderKilled
                        ? "the leader was killed and " + nodes + " nodes failed over in " + failoverMillis + " ms"
                        : "the leader was not killed");
    }

    private static String times(int count) {
        return count == 1 ? "once" : count + " times";
    }
}
