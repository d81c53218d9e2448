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
        assertThat(Histories.parse(new String[] {"--minutes", "0.001"}).duration())
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(Histories.parse(new String[] {"--clients", "1000"}).clients())
                .isEqualTo(1_000);
    }

    @Test
    void withoutArgumentsARunIsAsTheUsageSays() {
        Run run = Histories.parse(new String[0]);
        assertThat(run.duration()).isEqualTo(Duration.ofMinutes(10));
        assertThat(run.clients()).isEqualTo(24);
        assertThat(Histories.parse(new String[0]).seed()).isNotEqualTo(run.seed());
    }

    @Test
    void badOnesAreNamed() {
        assertBad("--minuets", "--minuets", "1");
        assertBad("--seed needs", "--seed");
        assertBad("--seed needs", "--seed", "x");
        assertBad("--minutes must", "--minutes", "0");
        assertBad("--minutes must", "--minutes", "10081");
        assertBad("--clients must", "--clients", "-1");
        assertBad("--clients must", "--clients", "0");
        assertBad("--clients must", "--clients", "1001");
    }

    private static void assertBad(String message, String... arguments) {
        assertThatThrownBy(() -> Histories.parse(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
