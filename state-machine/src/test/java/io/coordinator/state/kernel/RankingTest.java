package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

@Feature("C-06")
class RankingTest {
    private final Ranking<String> ranking = new Ranking<>();

    @Test
    void namesTheLargestFirstAndOfEqualsThoseWhoseNamesComeFirst() {
        ranking.add(1, "c", "C");
        ranking.add(7, "b", "B");
        ranking.add(1, "a", "A");
        ranking.add(-1, "d", "D");
        assertThat(ranking.first()).containsExactly("B", "A", "C", "D");
    }

    @Test
    void namesOnlySoMany() {
        for (int i = 0; i < 100; i++) {
            ranking.add(i % 50, "n" + i, "n" + i);
        }
        assertThat(ranking.first()).hasSize(20).startsWith("n49", "n99", "n48").endsWith("n40", "n90");
    }
}
