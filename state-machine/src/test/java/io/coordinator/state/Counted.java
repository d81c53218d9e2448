package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.state.kernel.Budget;

/**
 * What replicas counted for the same entry. It decides what is refused, so it must be the same however each came to its state; comparing
 * it shows a difference long before one of them refuses something.
 */
final class Counted {
    private Counted() {}

    static void sameIn(Coordinator one, Coordinator other) {
        Budget budget = one.state().storage.budget();
        Budget expected = other.state().storage.budget();
        assertThat(budget.stepsOfEntry()).as("steps of entry %s", other.index()).isEqualTo(expected.stepsOfEntry());
        assertThat(budget.bytesOfEntry()).as("bytes of entry %s", other.index()).isEqualTo(expected.bytesOfEntry());
    }
}
