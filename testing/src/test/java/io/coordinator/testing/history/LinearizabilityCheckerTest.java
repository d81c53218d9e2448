package io.coordinator.testing.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.history.RegisterModel.Input;
import io.coordinator.testing.history.RegisterModel.Output;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinearizabilityCheckerTest {
    private static final Duration BUDGET = Duration.ofSeconds(20);
    private static final Input READ = new Input.Read();
    private static final Output DONE = new Output.Done();

    @Test
    void anEmptyHistoryIsLinearizable() {
        assertGood(history());
    }

    @Test
    void aReadSeesTheWriteBeforeIt() {
        assertGood(history().op("a", 0, 1, write("1"), DONE).op("b", 2, 3, READ, value("1")));
    }

    @Test
    void aReadMayNotMissTheWriteBeforeIt() {
        assertBad(history().op("a", 0, 1, write("1"), DONE).op("b", 2, 3, READ, absent()));
    }

    @Test
    void aReadMaySeeOrMissAnOverlappingWrite() {
        assertGood(history().op("a", 0, 10, write("1"), DONE).op("b", 2, 3, READ, absent()));
        assertGood(history().op("a", 0, 10, write("1"), DONE).op("b", 2, 3, READ, value("1")));
    }

    @Test
    void readsMayNotGoBack() {
        assertBad(history()
                .op("a", 0, 10, write("1"), DONE)
                .op("b", 2, 3, READ, value("1"))
                .op("c", 4, 5, READ, absent()));
    }

    @Test
    void anAnswerAtTheSameInstantAsACallOverlapsIt() {
        assertGood(history().op("a", 0, 5, write("1"), DONE).op("b", 5, 6, READ, absent()));
    }

    @Test
    void aValueNobodyWroteCannotBeRead() {
        assertBad(history().op("a", 0, 1, write("1"), DONE).op("b", 0, 3, READ, value("2")));
    }

    @Test
    void anUnknownWriteMayTakeEffectLateOrNever() {
        assertGood(history().unknown("a", 0, write("1")).op("b", 2, 3, READ, absent()));
        assertGood(history()
                .unknown("a", 0, write("1"))
                .op("b", 2, 3, READ, absent())
                .op("b", 100, 101, READ, value("1")));
    }

    @Test
    void anUnknownWriteCannotTakeEffectTwice() {
        assertBad(history()
                .unknown("a", 0, write("1"))
                .op("b", 2, 3, READ, value("1"))
                .op("b", 4, 5, write("2"), DONE)
                .op("b", 6, 7, READ, value("1")));
    }

    @Test
    void anUnknownWriteCannotTakeEffectBeforeItsCall() {
        assertBad(history().op("b", 2, 3, READ, value("1")).unknown("a", 4, write("1")));
    }

    @Test
    void twoUnknownWritesAlikeAreTwoEffects() {
        HistoryBuilder<Input, Output> twice = history()
                .unknown("a", 0, write("1"))
                .op("b", 2, 3, READ, value("1"))
                .op("b", 4, 5, write("2"), DONE);
        assertBad(history(twice).op("b", 6, 7, READ, value("1")));
        assertGood(history(twice).unknown("c", 1, write("1")).op("b", 6, 7, READ, value("1")));
    }

    @Test
    void onlyOneOfTwoCompareAndSetsWins() {
        assertBad(history().op("a", 0, 10, cas("1"), compared(true)).op("b", 0, 10, cas("2"), compared(true)));
        assertGood(history().op("a", 0, 10, cas("1"), compared(true)).op("b", 0, 10, cas("2"), compared(false)));
    }

    @Test
    void aFailedCompareAndSetNeedsAReason() {
        assertBad(history().op("a", 0, 10, cas("1"), compared(false)));
    }

    @Test
    void aWriteThatWasLostIsFound() {
        assertBad(history()
                .op("a", 0, 1, write("1"), DONE)
                .op("b", 2, 8, write("2"), DONE)
                .op("c", 3, 9, write("3"), DONE)
                .op("d", 10, 11, READ, value("1")));
    }

    @Test
    void theCounterexampleNamesTheReadThatCannotBeExplained() {
        HistoryBuilder<Input, Output> history = history();
        for (int i = 0; i < 100; i++) {
            history.op("a", 10L * i, 10L * i + 5, write("v" + i), DONE);
            history.op("b", 10L * i + 6, 10L * i + 8, READ, value("v" + i));
        }
        history.op("c", 1_000, 1_020, READ, value("v98"))
                .op("d", 1_005, 1_015, READ, value("v99"))
                .op("e", 1_030, 1_040, READ, value("v98"));
        Counterexample found = assertBad(history);
        assertThat(found.culprit().output()).isEqualTo(Optional.of(value("v98")));
        assertThat(found.statesBefore()).containsExactly("Optional[v99]");
        assertThat(found.operations()).hasSize(1);
        assertThat(found.toString()).contains("states before: Optional[v99]").contains(" > |");
    }

    @Test
    void keysAreIndependent() {
        List<Operation<Input, Output>> good = List.of(
                Operation.answered("a", "x", write("1"), DONE, 0, 1),
                Operation.answered("b", "y", READ, absent(), 2, 3));
        assertThat(check(good)).isEqualTo(new Verdict.Linearizable(2));
    }

    @Test
    void tooLittleTimeIsSaidSo() {
        HistoryBuilder<Input, Output> history = history();
        for (int i = 0; i < 26; i++) {
            history.op("w" + i, i, 1_000, write("v" + i), DONE);
        }
        history.op("r", 2_000, 2_001, READ, value("never written"));
        assertThat(LinearizabilityChecker.check(new RegisterModel(), history.operations(), Duration.ofMillis(1)))
                .isInstanceOf(Verdict.Undecided.class);
    }

    private static HistoryBuilder<Input, Output> history() {
        return new HistoryBuilder<>();
    }

    private static HistoryBuilder<Input, Output> history(HistoryBuilder<Input, Output> start) {
        HistoryBuilder<Input, Output> copy = new HistoryBuilder<>();
        for (Operation<Input, Output> operation : start.operations()) {
            copy.add(operation);
        }
        return copy;
    }

    private static Input write(String value) {
        return new Input.Write(value);
    }

    private static Input cas(String next) {
        return new Input.CompareAndSet(Optional.empty(), next);
    }

    private static Output value(String value) {
        return new Output.Value(Optional.of(value));
    }

    private static Output absent() {
        return new Output.Value(Optional.empty());
    }

    private static Output compared(boolean applied) {
        return new Output.Compared(applied);
    }

    private static Verdict check(List<Operation<Input, Output>> operations) {
        return LinearizabilityChecker.check(new RegisterModel(), operations, BUDGET);
    }

    private static void assertGood(HistoryBuilder<Input, Output> history) {
        assertThat(check(history.operations()))
                .isEqualTo(new Verdict.Linearizable(history.operations().size()));
    }

    private static Counterexample assertBad(HistoryBuilder<Input, Output> history) {
        Verdict verdict = check(history.operations());
        assertThat(verdict).isInstanceOf(Verdict.NotLinearizable.class);
        return ((Verdict.NotLinearizable) verdict).counterexample();
    }
}
