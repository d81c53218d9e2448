package io.coordinator.testing.workload;

import java.util.Random;

/**
 * What a handler does with one attempt: the same for the same seed, job and attempt.
 *
 * @param fate how it ends
 * @param millis how long it takes
 */
record HandlerPlan(Fate fate, int millis) {

    /** How an attempt ends, if nothing happens to its worker. */
    enum Fate {
        COMPLETES,
        THROWS,
        /** It says that another attempt is in vain. */
        GIVES_UP,
        /** It takes longer than an attempt may, and does not listen when it is told to stop. */
        IS_LATE
    }

    static HandlerPlan of(long seed, TrialQueue queue, String id, int attempt) {
        Random random = new Random(31 * (31 * seed + id.hashCode()) + attempt);
        int dice = random.nextInt(1_000);
        int millis = random.nextInt(queue == TrialQueue.CANCELLED ? 40 : 15);
        boolean mortal = queue == TrialQueue.RETRIED;
        if (dice < (mortal ? 250 : 10)) {
            return new HandlerPlan(Fate.THROWS, millis);
        } else if (mortal && dice < 270) {
            return new HandlerPlan(Fate.GIVES_UP, millis);
        } else if (dice >= 994) {
            int most = (int) TrialQueue.ATTEMPT_TIMEOUT.toMillis();
            return new HandlerPlan(Fate.IS_LATE, random.nextInt(most - 50, most + 400));
        }
        return new HandlerPlan(Fate.COMPLETES, millis);
    }
}
