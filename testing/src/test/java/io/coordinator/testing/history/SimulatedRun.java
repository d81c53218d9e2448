package io.coordinator.testing.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/** Eight clients of one correct object: each operation takes effect at some instant of its interval; some answers are lost. */
final class SimulatedRun {
    private static final int CLIENTS = 8;

    private final Random random;
    private final int operations;

    SimulatedRun(Random random, int operations) {
        this.random = random;
        this.operations = operations;
    }

    List<Operation<RegisterModel.Input, RegisterModel.Output>> register() {
        RegisterModel model = new RegisterModel();
        return run(this::registerInput, Optional.<String>empty(), (state, input) -> {
            List<RegisterModel.Output> answers = List.of(
                    new RegisterModel.Output.Value(state),
                    new RegisterModel.Output.Done(),
                    new RegisterModel.Output.Compared(true),
                    new RegisterModel.Output.Compared(false));
            for (RegisterModel.Output answer : answers) {
                List<Optional<String>> next = model.after(state, input, answer);
                if (!next.isEmpty()) {
                    return new Effect<>(next.get(0), answer);
                }
            }
            throw new IllegalStateException("no answer to " + input);
        });
    }

    List<Operation<CounterModel.Add, Long>> counter() {
        return run(
                random -> new CounterModel.Add(random.nextInt(4)),
                0L,
                (sum, input) -> new Effect<>(sum + input.by(), sum + input.by()));
    }

    private RegisterModel.Input registerInput(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> new RegisterModel.Input.Write("v" + random.nextInt(1_000_000));
            case 1 -> new RegisterModel.Input.CompareAndSet(Optional.empty(), "w" + random.nextInt(10));
            default -> new RegisterModel.Input.Read();
        };
    }

    /** What an operation does to the state, and answers. */
    private record Effect<S, O>(S next, O answer) {}

    private interface Simulated<S, I, O> {
        Effect<S, O> apply(S state, I input);
    }

    private <S, I, O> List<Operation<I, O>> run(Function<Random, I> inputs, S initial, Simulated<S, I, O> object) {
        List<Operation<I, O>> history = new ArrayList<>();
        long[] freeAt = new long[CLIENTS];
        S state = initial;
        long now = 0;
        for (int i = 0; i < operations; i++) {
            now += 1 + random.nextInt(10);
            int client = random.nextInt(CLIENTS);
            long call = Math.max(freeAt[client], now - random.nextInt(40));
            long effectAt = Math.max(call, now);
            now = effectAt;
            I input = inputs.apply(random);
            Effect<S, O> effect = object.apply(state, input);
            state = effect.next();
            freeAt[client] = effectAt + 1 + random.nextInt(40);
            history.add(
                    random.nextInt(100) == 0
                            ? Operation.unknown("c" + client, "k", input, call)
                            : Operation.answered("c" + client, "k", input, effect.answer(), call, freeAt[client]));
        }
        return history;
    }
}
