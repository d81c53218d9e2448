package io.coordinator.cli;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How long tests wait for other processes, several of which can start at once on a busy machine. */
public final class Patience {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Patience() {}

    /** Waits for a condition about another process. */
    public static ConditionFactory await() {
        return Awaitility.await().atMost(PATIENCE);
    }
}
