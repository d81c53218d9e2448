package io.coordinator.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ThroughputTest {
    private final Throughput throughput = new Throughput();
    private long total;

    @Test
    void isNotSettledBeforeItHasSeenEnough() {
        assertThat(after(100, 100, 100, 100, 100)).isFalse();
        assertThat(after(100)).isTrue();
    }

    @Test
    void isNotSettledWhileItRises() {
        assertThat(after(100, 110, 120, 130, 140, 150)).isFalse();
        assertThat(after(152, 151, 150, 149, 151)).isTrue();
    }

    @Test
    void isNotSettledWhileNothingHappens() {
        assertThat(after(0, 0, 0, 0, 0, 0, 0)).isFalse();
    }

    private boolean after(long... windows) {
        for (long window : windows) {
            total += window;
            throughput.observe(total);
        }
        return throughput.settled();
    }
}
