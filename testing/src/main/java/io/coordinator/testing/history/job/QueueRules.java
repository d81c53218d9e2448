package io.coordinator.testing.history.job;

/**
 * What a queue promises of its jobs.
 *
 * @param queue its name
 * @param inOrder whether jobs of one key run in the order of their submission
 * @param runningMax how many run at a time; {@link Integer#MAX_VALUE} for no limit
 * @param runningOfKeyMax how many of one key run at a time
 * @param ranked whether of all that wait the one of the highest priority runs first
 * @param mayDie whether its jobs may use up their attempts, or fail for good
 */
public record QueueRules(
        String queue, boolean inOrder, int runningMax, int runningOfKeyMax, boolean ranked, boolean mayDie) {

    /** As many at a time as there are workers, in no order, and tried until they succeed. */
    public static QueueRules of(String queue) {
        return new QueueRules(queue, false, Integer.MAX_VALUE, 1, false, false);
    }

    /** The same, in the order of submission for each key. */
    public QueueRules ordered() {
        return new QueueRules(queue, true, runningMax, 1, ranked, mayDie);
    }

    /** The same, with limits. */
    public QueueRules limited(int running, int runningOfKey) {
        return new QueueRules(queue, inOrder, running, runningOfKey, ranked, mayDie);
    }

    /** The same, the highest priority first. */
    public QueueRules byPriority() {
        return new QueueRules(queue, inOrder, runningMax, runningOfKeyMax, true, mayDie);
    }

    /** The same; jobs may die. */
    public QueueRules mortal() {
        return new QueueRules(queue, inOrder, runningMax, runningOfKeyMax, ranked, true);
    }
}
