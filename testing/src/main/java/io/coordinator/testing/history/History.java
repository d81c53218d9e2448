package io.coordinator.testing.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A recorder of concurrent operations. Thread-safe.
 *
 * <p>Every call that is begun must be ended once, as {@link Call#returned}, {@link Call#unknown} or
 * {@link Call#refused}; a call that its thread never ended counts as unknown.
 */
public final class History<I, O> {
    private final String title;
    private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();

    /** Starts empty; {@code title} is what a report should begin with: the workload and the seed that repeats it */
    public History(String title) {
        this.title = title;
    }

    /** Begins an operation now. */
    public Call invoke(String client, String key, I input) {
        Call call = new Call(client, key, input, System.nanoTime());
        calls.add(call);
        return call;
    }

    /** Adds an operation that was recorded elsewhere on this machine. */
    public void add(Operation<I, O> operation) {
        Call call = new Call(operation.client(), operation.key(), operation.input(), operation.callNanos());
        call.end(operation);
        calls.add(call);
    }

    /** Everything that may have had an effect, in the order of the calls. */
    public List<Operation<I, O>> operations() {
        List<Operation<I, O>> operations = new ArrayList<>();
        for (Call call : calls) {
            call.addTo(operations);
        }
        operations.sort(Comparator.comparingLong(Operation::callNanos));
        return operations;
    }

    /**
     * Checks that what was recorded is linearizable.
     *
     * @throws AssertionError with the shortest counterexample found, or if {@code budget} was too short to decide
     */
    public <S> void assertLinearizable(Model<S, I, O> model, Duration budget) {
        Verdict verdict = LinearizabilityChecker.check(model, operations(), budget);
        if (!(verdict instanceof Verdict.Linearizable)) {
            throw new AssertionError(title + ": " + verdict);
        }
    }

    @Override
    public String toString() {
        return title + ", " + calls.size() + " operations";
    }

    /** An operation that was asked. */
    public final class Call {
        private final String client;
        private final String key;
        private final I input;
        private final long callNanos;
        private final AtomicBoolean ended = new AtomicBoolean();
        private volatile List<Operation<I, O>> outcome;

        private Call(String client, String key, I input, long callNanos) {
            this.client = client;
            this.key = key;
            this.input = input;
            this.callNanos = callNanos;
            this.outcome = List.of(Operation.unknown(client, key, input, callNanos));
        }

        /** It was answered, just now. */
        public void returned(O output) {
            end(Operation.answered(client, key, input, output, callNanos, System.nanoTime()));
        }

        /** It may have taken effect, may yet, or never will. */
        public void unknown() {
            end(Operation.unknown(client, key, input, callNanos));
        }

        /** It certainly had no effect and never will; the history forgets it. */
        public void refused() {
            endOnce();
            outcome = List.of();
        }

        private void end(Operation<I, O> operation) {
            endOnce();
            outcome = List.of(operation);
        }

        private void endOnce() {
            if (!ended.compareAndSet(false, true)) {
                throw new IllegalStateException("this call has already ended: " + outcome);
            }
        }

        private void addTo(List<Operation<I, O>> operations) {
            operations.addAll(outcome);
        }
    }
}
