package io.coordinator.state.kernel;

import static io.coordinator.state.kernel.Budget.BYTES_MAX;
import static io.coordinator.state.kernel.Budget.ENTRY_BYTES;
import static io.coordinator.state.kernel.Budget.ENTRY_STEPS;
import static io.coordinator.state.kernel.Budget.ENTRY_STEPS_END;
import static io.coordinator.state.kernel.Budget.OWN_STEPS;
import static io.coordinator.state.kernel.Budget.SLICE_STEPS;
import static io.coordinator.state.kernel.Budget.STEPS_MAX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.document.OverBudgetException;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much one command may make and do, and those of one entry together. */
@Feature({"C-02", "C-04"})
class BudgetTest {
    private static final long SMALL_BYTES = 16 << 10;
    private static final long SMALL_STEPS = 5_000;

    private final Budget budget = new Budget();

    @BeforeEach
    void startEntry() {
        budget.startEntry();
    }

    private void allowsSteps(long max) {
        assertThatThrownBy(() -> budget.steps("too many", max + 1))
                .isInstanceOf(OverBudgetException.class)
                .hasMessageContaining("too many");
        budget.steps("as many", max);
        assertThatThrownBy(() -> budget.steps("one more", 1)).isInstanceOf(OverBudgetException.class);
    }

    private void allowsBytes(long max) {
        assertThatThrownBy(() -> budget.bytes("too many", max + 1)).isInstanceOf(OverBudgetException.class);
        budget.bytes("as many", max);
        assertThatThrownBy(() -> budget.bytes("one more", 1)).isInstanceOf(OverBudgetException.class);
    }

    @Test
    void aCommandHasSoManyStepsAndBytesAndTheNextOneHasThemAgain() {
        for (int i = 0; i < 2; i++) {
            budget.startCommand();
            allowsSteps(STEPS_MAX);
            allowsBytes(BYTES_MAX);
        }
        assertThat(budget.stepsOfEntry()).isEqualTo(2 * STEPS_MAX);
        assertThat(budget.bytesOfEntry()).isEqualTo(2 * BYTES_MAX);
    }

    @Test
    void whatWasRefusedIsNotCounted() {
        budget.startCommand();
        budget.steps("some", 5);
        budget.bytes("some", 6);
        assertThatThrownBy(() -> budget.steps("all", STEPS_MAX)).isInstanceOf(OverBudgetException.class);
        assertThatThrownBy(() -> budget.bytes("all", BYTES_MAX)).isInstanceOf(OverBudgetException.class);
        assertThat(budget.stepsOfEntry()).isEqualTo(5);
        assertThat(budget.bytesOfEntry()).isEqualTo(6);
    }

    @Test
    void lateCommandsOfAnEntryThatHasDoneMuchHaveLittle() {
        budget.startUnbounded();
        budget.steps("before", ENTRY_STEPS - 1);
        budget.startCommand();
        assertThat(budget.isReduced()).isFalse();
        budget.steps("the last one", 1);
        budget.startCommand();
        assertThat(budget.isReduced()).isTrue();
        allowsSteps(SMALL_STEPS);
        allowsBytes(BYTES_MAX);
    }

    @Test
    void lateCommandsOfAnEntryThatHasMadeMuchMayMakeLittle() {
        budget.startUnbounded();
        budget.bytes("before", ENTRY_BYTES - 1);
        budget.startCommand();
        assertThat(budget.isReduced()).isFalse();
        budget.bytes("the last one", 1);
        budget.startCommand();
        assertThat(budget.isReduced()).isTrue();
        allowsBytes(SMALL_BYTES);
        allowsSteps(STEPS_MAX);
    }

    @Test
    void anEntryIsUsedUpInTheEnd() {
        budget.startUnbounded();
        budget.steps("before", ENTRY_STEPS_END - 1);
        assertThat(budget.isUsedUp()).isFalse();
        budget.steps("the last one", 1);
        assertThat(budget.isUsedUp()).isTrue();
        budget.startCommand();
        assertThat(budget.isUsedUp()).isTrue();
        budget.startEntry();
        assertThat(budget.isUsedUp()).isFalse();
    }

    @Test
    void anEntryBeginsWithNothingWhateverWasDoneAfterTheOneBefore() {
        budget.startUnbounded();
        budget.steps("work of the cluster's own", 2 * ENTRY_STEPS);
        budget.bytes("work of the cluster's own", 2 * ENTRY_BYTES);
        budget.startEntry();
        assertThat(budget.stepsOfEntry()).isZero();
        assertThat(budget.bytesOfEntry()).isZero();
        budget.startCommand();
        assertThat(budget.isReduced()).isFalse();
    }

    @Test
    void theClustersOwnCommandsAreNotPutOff() {
        budget.startUnbounded();
        budget.steps("before", ENTRY_STEPS);
        budget.bytes("before", ENTRY_BYTES);
        budget.startOwnCommand();
        allowsSteps(OWN_STEPS);
        allowsBytes(BYTES_MAX);
        budget.startEntry();
        budget.startOwnCommand();
        allowsSteps(STEPS_MAX);
    }

    @Test
    void largeRowsTakeMoreStepsThanSmallOnes() {
        budget.startCommand();
        budget.row(0);
        assertThat(budget.stepsOfEntry()).isEqualTo(60);
        budget.row(12_800);
        assertThat(budget.stepsOfEntry()).isEqualTo(60 + 60 + 100);
    }

    @Test
    @Feature("C-09")
    void aSliceEndsAfterSoManyStepsFromNow() {
        budget.startUnbounded();
        budget.steps("before", 1_000);
        Slice slice = budget.wholeSlice();
        budget.steps("work", SLICE_STEPS - 1);
        assertThat(slice.isSpent()).isFalse();
        budget.steps("work", 1);
        assertThat(slice.isSpent()).isTrue();
    }

    @Test
    @Feature("C-09")
    void aSliceOfACommandLeavesItMostOfWhatItHas() {
        budget.startCommand();
        budget.steps("before", STEPS_MAX - 4_000);
        Slice slice = budget.slice();
        budget.steps("work", 999);
        assertThat(slice.isSpent()).isFalse();
        budget.steps("work", 1);
        assertThat(slice.isSpent()).isTrue();
    }
}
