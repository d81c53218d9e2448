package io.coordinator.state.kernel;

import java.util.Random;

/** Random sources of tests. Each prints its seed; {@code -Dseed=N} repeats a run. */
public final class Seeds {
    private Seeds() {}

    public static long next(String test) {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println(test + " runs with -Dseed=" + seed);
        return seed;
    }

    public static Random random(String test) {
        return new Random(next(test));
    }
}
