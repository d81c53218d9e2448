package io.coordinator.testing.history;

import java.util.ArrayList;
import java.util.List;

/** A history written by hand; times are in units of the author's choice. */
final class HistoryBuilder<I, O> {
    private final List<Operation<I, O>> operations = new ArrayList<>();

    HistoryBuilder<I, O> op(String client, long call, long end, I input, O output) {
        operations.add(Operation.answered(client, "k", input, output, call, end));
        return this;
    }

    HistoryBuilder<I, O> unknown(String client, long call, I input) {
        operations.add(Operation.unknown(client, "k", input, call));
        return this;
    }

    HistoryBuilder<I, O> addAll(HistoryBuilder<I, O> other) {
        operations.addAll(other.operations);
        return this;
    }

    HistoryBuilder<I, O> add(Operation<I, O> operation) {
        operations.add(operation);
        return this;
    }

    List<Operation<I, O>> operations() {
        return List.copyOf(operations);
    }
}
