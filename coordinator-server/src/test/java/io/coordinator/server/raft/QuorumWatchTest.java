package io.coordinator.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QuorumWatchTest {
    private final AtomicLong silence = new AtomicLong();
    private final AtomicInteger stepsDown = new AtomicInteger();
    private final QuorumWatch watch = new QuorumWatch(silence::get, 1_000, stepsDown::incrementAndGet);

    @Test
    @Feature("S-35")
    void aLeaderThatHearsOfNoMajorityStepsDownAndIsToldAgainIfItDoesNot() {
        looks(10, 1_000);
        assertThat(stepsDown).hasValue(0);
        looks(3, 1_001);
        assertThat(stepsDown).hasValue(1);
        looks(3, 1_400);
        assertThat(stepsDown).hasValue(2);
    }

    /** After a pause of the process the others' answers wait in its sockets. */
    @Test
    @Feature("S-35")
    void aPauseIsNoSilenceOfTheOthers() {
        looks(2, 30_000);
        looks(1, 10);
        looks(2, 1_100);
        assertThat(stepsDown).hasValue(0);
    }

    private void looks(int count, long silenceMillis) {
        silence.set(silenceMillis);
        for (int i = 0; i < count; i++) {
            watch.look();
        }
    }
}
