package io.coordinator.testing.history;

/** What the checker found. */
public sealed interface Verdict {

    /**
     * There is an order of the operations that explains every answer.
     *
     * @param operations how many were checked
     */
    record Linearizable(int operations) implements Verdict {}

    /** There is none; {@link #toString} is a report for people. */
    record NotLinearizable(Counterexample counterexample) implements Verdict {
        @Override
        public String toString() {
            return counterexample.toString();
        }
    }

    /**
     * The time allowed was too short.
     *
     * @param key the object that could not be decided
     */
    record Undecided(String key, String why) implements Verdict {}
}
