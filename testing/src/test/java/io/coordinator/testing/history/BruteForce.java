package io.coordinator.testing.history;

import java.util.ArrayList;
import java.util.List;

/** The definition of linearizability, tried out order by order; for a handful of operations on one key. */
final class BruteForce {
    private BruteForce() {}

    static <S, I, O> boolean isLinearizable(Model<S, I, O> model, List<Operation<I, O>> operations) {
        return canFinish(model, model.initial(), operations);
    }

    private static <S, I, O> boolean canFinish(Model<S, I, O> model, S state, List<Operation<I, O>> left) {
        if (left.stream().allMatch(Operation::isUnknown)) {
            return true;
        }
        for (Operation<I, O> next : left) {
            boolean mayBeNext = left.stream().noneMatch(other -> other.returnNanos() < next.callNanos());
            if (mayBeNext) {
                List<Operation<I, O>> rest = new ArrayList<>(left);
                rest.remove(next);
                List<S> states = next.output()
                        .map(output -> model.after(state, next.input(), output))
                        .orElseGet(() -> model.afterUnknown(state, next.input()));
                if (states.stream().anyMatch(after -> canFinish(model, after, rest))) {
                    return true;
                }
            }
        }
        return false;
    }
}
