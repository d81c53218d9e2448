package io.coordinator.server.propose;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.server.support.FakeTime;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@Feature("G-3")
class ClusterClockTest {
    @Test
    void continuesFromTheLastStampAtTheRateOfTheMonotonicClock() {
        FakeTime time = new FakeTime();
        ClusterClock clock = new ClusterClock(5_000, time);

        assertThat(clock.millis()).isEqualTo(5_000);
        time.advance(Duration.ofMillis(1_234));
        assertThat(clock.millis()).isEqualTo(6_234);
    }
}
