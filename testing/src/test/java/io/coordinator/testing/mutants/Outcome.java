package io.coordinator.testing.mutants;

import java.time.Duration;

/**
 * What came of a break.
 *
 * @param detail the test that failed, or why there is no answer
 */
record Outcome(Mutant mutant, Verdict verdict, String detail, Duration time) {
    enum Verdict {
        /** A test failed, as it should. */
        CAUGHT,
        /** All tests passed: they do not see that the promise is broken. */
        MISSED,
        /** The break itself is of no use: it does not fit the sources, does not compile, or names no test. */
        UNUSABLE
    }
}
