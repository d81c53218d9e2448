package io.coordinator.testing.history;

import java.util.List;
import java.util.Optional;

/** A value that is written, read, deleted, and compared and set. Absent at first. */
public final class RegisterModel implements Model<Optional<String>, RegisterModel.Input, RegisterModel.Output> {

    /** What is asked of a register. */
    public sealed interface Input {
        record Read() implements Input {}

        record Write(String value) implements Input {}

        record Delete() implements Input {}

        /** Compares the value and writes; an empty expectation is an absent value. */
        record CompareAndSet(Optional<String> expected, String next) implements Input {}
    }

    /** What a register answers. */
    public sealed interface Output {
        record Value(Optional<String> value) implements Output {}

        record Done() implements Output {}

        record Deleted(boolean existed) implements Output {}

        record Compared(boolean applied) implements Output {}
    }

    @Override
    public Optional<String> initial() {
        return Optional.empty();
    }

    @Override
    public List<Optional<String>> after(Optional<String> state, Input input, Output output) {
        return answer(state, input).equals(output) ? List.of(next(state, input)) : List.of();
    }

    @Override
    public List<Optional<String>> afterUnknown(Optional<String> state, Input input) {
        return List.of(next(state, input));
    }

    @Override
    public boolean observes(Input input, Output output) {
        return input instanceof Input.Read
                || output.equals(new Output.Compared(false))
                || output.equals(new Output.Deleted(false));
    }

    private static Output answer(Optional<String> state, Input input) {
        if (input instanceof Input.Read) {
            return new Output.Value(state);
        }
        if (input instanceof Input.Delete) {
            return new Output.Deleted(state.isPresent());
        }
        if (input instanceof Input.CompareAndSet cas) {
            return new Output.Compared(cas.expected().equals(state));
        }
        return new Output.Done();
    }

    private static Optional<String> next(Optional<String> state, Input input) {
        if (input instanceof Input.Write write) {
            return Optional.of(write.value());
        }
        if (input instanceof Input.Delete) {
            return Optional.empty();
        }
        if (input instanceof Input.CompareAndSet cas && cas.expected().equals(state)) {
            return Optional.of(cas.next());
        }
        return state;
    }
}
