package io.coordinator.testing.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Small random histories, most of them bad: the checker agrees with the definition. */
class CheckerAgainstBruteForceTest {
    private static final int ROUNDS = 4_000;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void registers() {
        compare(new RegisterModel(), this::registerInput, this::registerOutput);
    }

    @Test
    void counters() {
        compare(new CounterModel(), unused -> new CounterModel.Add(random.nextInt(3)), input ->
                (long) random.nextInt(5));
    }

    @Test
    void locks() {
        compare(new LockModel(), this::lockInput, this::lockOutput);
    }

    @Test
    void entries() {
        compare(new EntryModel(), this::entryInput, this::entryOutput);
    }

    private <S, I, O> void compare(Model<S, I, O> model, Function<Integer, I> inputs, Function<I, O> outputs) {
        int good = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<Operation<I, O>> operations = new ArrayList<>();
            int size = 2 + random.nextInt(5);
            for (int i = 0; i < size; i++) {
                I input = inputs.apply(i);
                int call = random.nextInt(12);
                operations.add(
                        random.nextInt(2) == 0
                                ? Operation.unknown("c" + i, "k", input, call)
                                : Operation.answered(
                                        "c" + i, "k", input, outputs.apply(input), call, call + random.nextInt(8)));
            }
            boolean expected = BruteForce.isLinearizable(model, operations);
            Verdict verdict = LinearizabilityChecker.check(model, operations, Duration.ofSeconds(10));
            assertThat(verdict instanceof Verdict.Linearizable)
                    .as("seed %s, round %s: %s", seed, round, operations)
                    .isEqualTo(expected);
            good += expected ? 1 : 0;
        }
        assertThat(good).as("both kinds were tried, seed %s", seed).isBetween(ROUNDS / 100, ROUNDS * 99 / 100);
    }

    private RegisterModel.Input registerInput(int unused) {
        return switch (random.nextInt(4)) {
            case 0 -> new RegisterModel.Input.Read();
            case 1 -> new RegisterModel.Input.Write(text());
            case 2 -> new RegisterModel.Input.Delete();
            default -> new RegisterModel.Input.CompareAndSet(maybe(text()), text());
        };
    }

    private RegisterModel.Output registerOutput(RegisterModel.Input input) {
        if (input instanceof RegisterModel.Input.Read) {
            return new RegisterModel.Output.Value(maybe(text()));
        }
        if (input instanceof RegisterModel.Input.Delete) {
            return new RegisterModel.Output.Deleted(random.nextBoolean());
        }
        return input instanceof RegisterModel.Input.Write
                ? new RegisterModel.Output.Done()
                : new RegisterModel.Output.Compared(random.nextBoolean());
    }

    private LockModel.Input lockInput(int unused) {
        return switch (random.nextInt(6)) {
            case 0 -> new LockModel.Input.Release(token());
            case 1 -> new LockModel.Input.Verify(token());
            case 2 -> new LockModel.Input.GuardedWrite(token(), text());
            case 3 -> new LockModel.Input.Lose(token());
            default -> new LockModel.Input.Acquire();
        };
    }

    private LockModel.Output lockOutput(LockModel.Input input) {
        if (input instanceof LockModel.Input.Acquire) {
            return random.nextInt(3) == 0 ? new LockModel.Output.Busy() : new LockModel.Output.Granted(token());
        }
        if (input instanceof LockModel.Input.Release) {
            return new LockModel.Output.Released(random.nextBoolean());
        }
        if (input instanceof LockModel.Input.Verify) {
            return new LockModel.Output.Verified(random.nextBoolean());
        }
        return random.nextBoolean() ? new LockModel.Output.Written() : new LockModel.Output.Fenced();
    }

    private EntryModel.Input entryInput(int unused) {
        return switch (random.nextInt(4)) {
            case 0 -> new EntryModel.Input.Get();
            case 1 -> new EntryModel.Input.Delete();
            case 2 -> new EntryModel.Input.CompareAndSet(random.nextInt(3), text());
            default -> new EntryModel.Input.Put(text());
        };
    }

    private EntryModel.Output entryOutput(EntryModel.Input input) {
        if (input instanceof EntryModel.Input.Get) {
            return new EntryModel.Output.Got(maybe(entry()));
        }
        if (input instanceof EntryModel.Input.Delete) {
            return new EntryModel.Output.Deleted(random.nextBoolean());
        }
        return input instanceof EntryModel.Input.Put
                ? new EntryModel.Output.Written(token())
                : new EntryModel.Output.Compared(random.nextBoolean(), maybe(entry()));
    }

    private EntryModel.Entry entry() {
        return new EntryModel.Entry(text(), token(), 1 + random.nextInt(2));
    }

    private <T> Optional<T> maybe(T value) {
        return random.nextInt(3) == 0 ? Optional.empty() : Optional.of(value);
    }

    private String text() {
        return random.nextBoolean() ? "x" : "y";
    }

    private long token() {
        return 1L + random.nextInt(3);
    }
}
