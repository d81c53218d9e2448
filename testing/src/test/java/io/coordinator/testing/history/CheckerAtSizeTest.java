package io.coordinator.testing.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten thousand operations of eight clients, with unknown outcomes: decided in bounded time, good or bad. */
@Timeout(60)
class CheckerAtSizeTest {
    private static final int OPERATIONS = 10_000;
    private static final int REFUTED_OPERATIONS = 1_000;
    private static final Duration BUDGET = Duration.ofSeconds(30);

    private final long seed = Long.getLong("seed", System.nanoTime());

    @Test
    void aGoodRegisterHistoryPasses() {
        assertThat(LinearizabilityChecker.check(new RegisterModel(), registerHistory(), BUDGET))
                .as("seed %s", seed)
                .isInstanceOf(Verdict.Linearizable.class);
    }

    @Test
    void aStaleReadIsFound() {
        // To prove that no order fits, every order must be tried: at the full size some seeds exhaust the budget.
        List<Operation<RegisterModel.Input, RegisterModel.Output>> operations =
                new SimulatedRun(new Random(seed), REFUTED_OPERATIONS).register();
        Operation<RegisterModel.Input, RegisterModel.Output> last = operations.get(operations.size() - 1);
        long later = 10
                + operations.stream()
                        .filter(operation -> !operation.isUnknown())
                        .mapToLong(Operation::returnNanos)
                        .max()
                        .orElseThrow();
        operations.add(
                Operation.answered("z", last.key(), new RegisterModel.Input.Write("new"), done(), later, later + 1));
        operations.add(
                Operation.answered("z", last.key(), new RegisterModel.Input.Read(), stale(), later + 2, later + 3));
        assertThat(LinearizabilityChecker.check(new RegisterModel(), operations, BUDGET))
                .as("seed %s", seed)
                .isInstanceOfSatisfying(
                        Verdict.NotLinearizable.class,
                        found -> assertThat(found.counterexample().culprit().client())
                                .isEqualTo("z"));
    }

    @Test
    void aGoodCounterHistoryPassesAndALostIncrementIsFound() {
        List<Operation<CounterModel.Add, Long>> operations = new SimulatedRun(new Random(seed), OPERATIONS).counter();
        assertThat(LinearizabilityChecker.check(new CounterModel(), operations, BUDGET))
                .as("seed %s", seed)
                .isInstanceOf(Verdict.Linearizable.class);
        List<Operation<CounterModel.Add, Long>> bad = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            Operation<CounterModel.Add, Long> operation = operations.get(i);
            bad.add(
                    i < OPERATIONS / 2
                            ? operation
                            : new Operation<>(
                                    operation.client(),
                                    operation.key(),
                                    operation.input(),
                                    operation.output().map(sum -> sum - 1_000),
                                    operation.callNanos(),
                                    operation.returnNanos()));
        }
        assertThat(LinearizabilityChecker.check(new CounterModel(), bad, BUDGET))
                .as("seed %s", seed)
                .isInstanceOf(Verdict.NotLinearizable.class);
    }

    private List<Operation<RegisterModel.Input, RegisterModel.Output>> registerHistory() {
        return new SimulatedRun(new Random(seed), OPERATIONS).register();
    }

    private static RegisterModel.Output done() {
        return new RegisterModel.Output.Done();
    }

    private static RegisterModel.Output stale() {
        return new RegisterModel.Output.Value(Optional.of("no such value"));
    }
}
