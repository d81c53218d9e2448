package io.coordinator.testing.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The arguments of the command. */
class HistoriesTest {
    @Test
    void argumentsAreTaken() {
        assertThat(Histories.parse(new String[] {"--minutes", "0.5", "--seed", "7", "--clients", "3"}))
                .isEqualTo(new Run(Duration.ofSeconds(30), 7, 3));
        assertThat(Histories.parse(new String[0]).duration()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void badOnesAreNamed() {
        assertBad("--minuets", "--minuets", "1");
        assertBad("--seed needs", "--seed");
        assertBad("--seed needs", "--seed", "x");
        assertBad("--minutes must", "--minutes", "0");
        assertBad("--clients must", "--clients", "-1");
    }

    private static void assertBad(String message, String... arguments) {
        assertThatThrownBy(() -> Histories.parse(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
