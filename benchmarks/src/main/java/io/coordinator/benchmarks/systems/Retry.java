package io.coordinator.benchmarks.systems;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Asks a starting cluster until it answers. */
final class Retry {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private Retry() {}

    /** Returns the first answer; after {@code patience} the last failure is thrown instead. */
    static <T> T until(Duration patience, Callable<T> attempt) throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return attempt.call();
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }
}
