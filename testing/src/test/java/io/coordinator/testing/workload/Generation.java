package io.coordinator.testing.workload;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.testing.history.History;
import io.coordinator.testing.history.Operation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** One object, for as long as it is used, and its history. */
final class Generation<I, O> {
    private static final int UNKNOWN_MAX = 6;
    private static final int OPERATIONS_MAX = 2_000;

    private final long number;
    private final String key;
    private final long endNanos;
    private final Tally.Counts counts;
    private final History<I, O> history;
    private final AtomicInteger unknown = new AtomicInteger();
    private final AtomicInteger operations = new AtomicInteger();
    /** Guarded by {@link Generations}. */
    int users;

    Generation(long number, String key, long endNanos, Tally.Counts counts) {
        this.number = number;
        this.key = key;
        this.endNanos = endNanos;
        this.counts = counts;
        this.history = new History<>(key);
    }

    long number() {
        return number;
    }

    String key() {
        return key;
    }

    /** Old, long, or too hard to check if more outcomes stay unknown. */
    boolean isOver() {
        return System.nanoTime() - endNanos >= 0 || unknown.get() >= UNKNOWN_MAX || operations.get() >= OPERATIONS_MAX;
    }

    List<Operation<I, O>> operations() {
        return history.operations();
    }

    /** Records what an operation answered, that it was refused, or that nobody knows. */
    Optional<O> record(String client, I input, Supplier<? extends O> operation) {
        Asked asked = ask(client, input);
        try {
            O output = operation.get();
            asked.returned(output);
            return Optional.of(output);
        } catch (CoordinatorException e) {
            asked.failed(e);
            return Optional.empty();
        }
    }

    /**
     * Records an operation that had the effect of {@code output}, or certainly none, or nobody knows.
     *
     * @return whether it certainly had the effect
     */
    boolean recordIf(String client, I input, BooleanSupplier operation, O output) {
        Asked asked = ask(client, input);
        try {
            if (operation.getAsBoolean()) {
                asked.returned(output);
                return true;
            }
            asked.refused();
        } catch (CoordinatorException e) {
            asked.failed(e);
        }
        return false;
    }

    /** Begins an operation now. */
    Asked ask(String client, I input) {
        operations.incrementAndGet();
        return new Asked(history.invoke(client, key, input));
    }

    /** What happened by itself at any time since, or did not: no operation of a client. */
    void mayHaveHappened(String client, I input, long sinceNanos) {
        history.add(Operation.unknown(client, key, input, sinceNanos));
    }

    /** An operation that was asked. */
    final class Asked {
        private final History<I, O>.Call call;

        private Asked(History<I, O>.Call call) {
            this.call = call;
        }

        void returned(O output) {
            call.returned(output);
            counts.answered.increment();
        }

        void unknown() {
            call.unknown();
            counts.unknown.increment();
            unknown.incrementAndGet();
        }

        void refused() {
            call.refused();
            counts.refused.increment();
        }

        /** As the exception says. */
        void failed(CoordinatorException e) {
            if (e.outcomeUnknown()) {
                unknown();
            } else {
                refused();
            }
        }
    }
}
