package io.coordinator.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SummaryTest {
    @Test
    void takesEachFiguresMedianAndAddsUpErrors() {
        Measurement slow = new Measurement(100, 9, 90, 900, 1, 30);
        Measurement fast = new Measurement(300, 3, 70, 500, 0, 10);
        Measurement between = new Measurement(200, 5, 80, 999, 2, 20);

        assertThat(Summary.of(List.of(slow, fast, between))).isEqualTo(new Measurement(200, 5, 80, 900, 3, 20));
        assertThat(Summary.of(List.of(slow, fast))).isEqualTo(new Measurement(200, 6, 80, 700, 1, 20));
    }
}
