package io.coordinator.testing.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final CounterModel.Add ONE = new CounterModel.Add(1);

    private final History<CounterModel.Add, Long> history = new History<>("counters, seed 42");

    @Test
    void recordsAnswersAndForgetsRefusals() {
        history.invoke("a", "k", ONE).returned(1L);
        history.invoke("b", "k", ONE).refused();
        history.invoke("c", "k", ONE).unknown();
        assertThat(history.operations()).hasSize(2);
        history.assertLinearizable(new CounterModel(), Duration.ofSeconds(5));
    }

    @Test
    void aCallWithoutAnEndIsUnknown() {
        history.invoke("a", "k", ONE);
        assertThat(history.operations()).singleElement().matches(Operation::isUnknown);
    }

    @Test
    void aCallEndsOnce() {
        History<CounterModel.Add, Long>.Call call = history.invoke("a", "k", ONE);
        call.returned(1L);
        assertThatThrownBy(call::unknown).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theReportBeginsWithTheTitle() {
        history.invoke("a", "k", ONE).returned(2L);
        assertThatThrownBy(() -> history.assertLinearizable(new CounterModel(), Duration.ofSeconds(5)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 42")
                .hasMessageContaining("states before: 0")
                .hasMessageContaining("Add[by=1] -> 2");
    }
}
