package io.coordinator.testing.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Decides whether a history is linearizable: whether each operation can have taken effect at one instant between its
 * call and its return, so that all answers are what a {@link Model} gives when the operations happen in that order.
 *
 * <p>Objects are independent, so each key is checked by itself (Herlihy and Wing: linearizability is a local property).
 * A history of ten thousand operations takes well under a second; a bad one costs more, since its report is reduced.
 */
public final class LinearizabilityChecker {
    private static final int REDUCTIONS_MAX = 64;

    private LinearizabilityChecker() {}

    /** Checks all keys, and stops at the first one that is not linearizable or cannot be decided in time. */
    public static <S, I, O> Verdict check(Model<S, I, O> model, List<Operation<I, O>> history, Duration budget) {
        long deadlineNanos = System.nanoTime() + budget.toNanos();
        Map<String, List<Operation<I, O>>> byKey =
                history.stream().collect(Collectors.groupingBy(Operation::key, TreeMap::new, Collectors.toList()));
        for (Map.Entry<String, List<Operation<I, O>>> object : byKey.entrySet()) {
            try {
                Optional<Counterexample> found =
                        new ObjectCheck<>(model, object.getKey(), deadlineNanos).find(object.getValue());
                if (found.isPresent()) {
                    return new Verdict.NotLinearizable(found.get());
                }
            } catch (Search.UndecidedException e) {
                return new Verdict.Undecided(object.getKey(), String.valueOf(e.getMessage()));
            }
        }
        return new Verdict.Linearizable(history.size());
    }

    /** The check of one key. */
    private record ObjectCheck<S, I, O>(Model<S, I, O> model, String key, long deadlineNanos) {

        Optional<Counterexample> find(List<Operation<I, O>> operations) throws Search.UndecidedException {
            Optional<Failure<I, O>> failure = fail(operations);
            return failure.isEmpty() ? Optional.empty() : Optional.of(report(reduce(failure.get())));
        }

        private Optional<Failure<I, O>> fail(List<Operation<I, O>> operations) throws Search.UndecidedException {
            Timeline<I, O> timeline = new Timeline<>(operations);
            int event = new Search<>(model, timeline, deadlineNanos).furthest();
            return event == timeline.length() ? Optional.empty() : Optional.of(new Failure<>(timeline, event));
        }

        /**
         * Drops what came after the failure, then one by one the observations around it that it does not need. Dropping
         * an observation from a linearizable history leaves a linearizable one, so the reduced failure is one of the
         * whole.
         */
        private Failure<I, O> reduce(Failure<I, O> found) {
            Failure<I, O> smallest = found;
            try {
                smallest = fail(found.untilFailure()).orElse(found);
                int tries = 0;
                for (Operation<I, O> candidate : smallest.overlapping()) {
                    if (isObservation(candidate) && tries++ < REDUCTIONS_MAX) {
                        smallest = fail(smallest.untilFailureWithout(candidate)).orElse(smallest);
                    }
                }
            } catch (Search.UndecidedException e) {
                return smallest;
            }
            return smallest;
        }

        private boolean isObservation(Operation<I, O> operation) {
            return operation.output().isPresent()
                    && model.observes(operation.input(), operation.output().get());
        }

        private Counterexample report(Failure<I, O> failure) {
            return new Counterexample(
                    key, statesBefore(failure), List.copyOf(failure.overlapping()), failure.culprit());
        }

        private List<String> statesBefore(Failure<I, O> failure) {
            try {
                return new Search<>(model, failure.timeline, deadlineNanos)
                        .statesBefore(failure.beginOfOverlap()).stream()
                                .map(String::valueOf)
                                .distinct()
                                .toList();
            } catch (Search.UndecidedException e) {
                return List.of("(" + e.getMessage() + ")");
            }
        }
    }

    /** A timeline and the return at which its explanation ends. */
    private record Failure<I, O>(Timeline<I, O> timeline, int event) {

        Operation<I, O> culprit() {
            return timeline.operation(timeline.operationAt(event));
        }

        int beginOfOverlap() {
            return timeline.beginOfOverlap(timeline.operationAt(event));
        }

        List<Operation<I, O>> untilFailure() {
            return timeline.operations().stream()
                    .filter(operation -> operation.callNanos() <= culprit().returnNanos())
                    .toList();
        }

        List<Operation<I, O>> untilFailureWithout(Operation<I, O> dropped) {
            return untilFailure().stream()
                    .filter(operation -> !operation.equals(dropped))
                    .toList();
        }

        /** What can have taken effect from the begin of the overlap to the failure. */
        List<Operation<I, O>> overlapping() {
            long begin =
                    timeline.operation(timeline.operationAt(beginOfOverlap())).callNanos();
            List<Operation<I, O>> overlapping = new ArrayList<>();
            for (Operation<I, O> operation : untilFailure()) {
                if (operation.returnNanos() >= begin) {
                    overlapping.add(operation);
                }
            }
            return overlapping;
        }
    }
}
