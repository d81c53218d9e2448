package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.QueueSettings;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

/** What it costs to let more or fewer jobs of one key run at a time: nothing that grows with its keys. */
@Feature({"B-26", "C-09"})
class KeyConcurrencyWorkTest extends JobScript {
    private static final int KEYS = 500;
    /** Of rows that have a few bytes more, and the like. */
    private static final long SLACK = 100;

    private void waiting(int keys) {
        for (int i = 0; i < keys; i++) {
            submit("a", newJob("1 of " + i).setKey("k" + i), newJob("2 of " + i).setKey("k" + i));
        }
    }

    private long stepsOf(int keyConcurrency) {
        configure("a", QueueSettings.newBuilder().setKeyConcurrencyMax(keyConcurrency));
        return core().state().storage.budget().stepsOfEntry();
    }

    @Test
    void keysOfWhichNoJobRunsCostNothing() {
        waiting(1);
        long one = stepsOf(2);
        waiting(KEYS);
        assertThat(stepsOf(3)).isLessThan(one + SLACK);
        assertThat(stepsOf(1)).isLessThan(one + SLACK);
        join("w", KEYS * 2);
        drain();
        assertThat(given("w")).hasSize(KEYS);
    }

    @Test
    void keysThatAreHeldHaveTheirTurns() {
        waiting(1);
        long one = stepsOf(2);
        stepsOf(1);
        waiting(KEYS);
        join("w", KEYS);
        drain();
        assertThat(given("w")).hasSize(KEYS);
        assertThat(stepsOf(2)).isLessThan(one + SLACK);
        join("w", KEYS * 2);
        drain();
        assertThat(given("w")).hasSize(KEYS);
    }
}
