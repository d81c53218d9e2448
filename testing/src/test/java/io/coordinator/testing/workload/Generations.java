package io.coordinator.testing.workload;

import io.coordinator.testing.history.LinearizabilityChecker;
import io.coordinator.testing.history.Model;
import io.coordinator.testing.history.Operation;
import io.coordinator.testing.history.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Objects of one type, each used for a few seconds and then replaced, so that no history gets long. When the last call to
 * one has ended, its history is checked and dropped.
 */
final class Generations<S, I, O> {
    private static final Duration LIFE = Duration.ofSeconds(3);
    private static final Duration CHECK_BUDGET = Duration.ofSeconds(60);

    private final String prefix;
    private final Model<S, I, O> model;
    private final Checks checks;
    private final Tally.Counts counts;
    private final @Nullable Watches<I, O> watches;
    private long number;
    private @Nullable Generation<I, O> current;

    /** @param prefix of the names of these objects */
    Generations(
            String prefix, Model<S, I, O> model, Checks checks, Tally.Counts counts, @Nullable Watches<I, O> watches) {
        this.prefix = prefix;
        this.model = model;
        this.checks = checks;
        this.counts = counts;
        this.watches = watches;
    }

    /** Uses the object of the moment. */
    void use(Consumer<Generation<I, O>> step) {
        Generation<I, O> generation = enter();
        try {
            step.accept(generation);
        } finally {
            leave(generation);
        }
    }

    /** Has the object of the moment checked; the next use begins another one. */
    void finish() {
        @Nullable Generation<I, O> last;
        synchronized (this) {
            last = current;
            current = null;
        }
        if (last != null) {
            check(last);
        }
    }

    private Generation<I, O> enter() {
        @Nullable Generation<I, O> over = null;
        Generation<I, O> entered;
        synchronized (this) {
            if (current != null && current.isOver()) {
                over = current.users == 0 ? current : null;
                current = null;
            }
            if (current == null) {
                current = new Generation<>(++number, prefix + number, System.nanoTime() + LIFE.toNanos(), counts);
                if (watches != null) {
                    watches.isUsed(number);
                }
            }
            entered = current;
            entered.users++;
        }
        if (over != null) {
            check(over);
        }
        return entered;
    }

    private void leave(Generation<I, O> generation) {
        boolean last;
        synchronized (this) {
            last = --generation.users == 0 && generation != current;
        }
        if (last) {
            check(generation);
        }
    }

    private void check(Generation<I, O> generation) {
        List<Operation<I, O>> operations = generation.operations();
        checks.submit(operations.size(), () -> linearizable(operations));
        if (watches != null) {
            watches.check(generation.number(), operations);
        }
    }

    /** What is left out of a short report may be what tells why. */
    private static Path written(List<Operation<?, ?>> operations) {
        try {
            Path file = Files.createTempFile("history-", ".txt");
            return Files.write(file, operations.stream().map(String::valueOf).toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a history", e);
        }
    }

    private Optional<Violation> linearizable(List<Operation<I, O>> operations) {
        Verdict verdict = LinearizabilityChecker.check(model, operations, CHECK_BUDGET);
        if (verdict instanceof Verdict.NotLinearizable bad) {
            return Optional.of(new Violation(
                    bad + "\n  the whole history is in " + written(List.copyOf(operations)),
                    bad.counterexample().operations().size()));
        }
        if (verdict instanceof Verdict.Undecided) {
            checks.addUndecided(verdict.toString());
        }
        return Optional.empty();
    }
}
