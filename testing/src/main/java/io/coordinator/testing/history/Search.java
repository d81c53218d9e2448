package io.coordinator.testing.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The search for an order of one object's operations that explains every answer: Wing and Gong's, in the just-in-time
 * form of Lowe ("Testing for linearizability", 2017, §5), depth first with memoization.
 *
 * <p>Events are passed in the order of time. An operation is put in its place as late as possible: when it returns, or
 * just before another one that returns and needs it. So a configuration is only the object's state, the open operations
 * that are already in their place, and the operations without an answer that were used. Four rules keep their number
 * small:
 *
 * <ul>
 *   <li>an operation that only observes is placed as soon as the state explains it, since that can spoil nothing;
 *   <li>an operation without an answer is used only right before something that could not be, or would not do the same,
 *       without it;
 *   <li>of operations without an answer and with equal inputs, the one called first is used first;
 *   <li>a configuration that used more operations without an answer than another one like it is dropped.
 * </ul>
 */
final class Search<S, I, O> {
    private static final int CONFIGURATIONS_MAX = 1_000_000;

    private final Model<S, I, O> model;
    private final Timeline<I, O> timeline;
    private final long deadlineNanos;

    Search(Model<S, I, O> model, Timeline<I, O> timeline, long deadlineNanos) {
        this.model = model;
        this.timeline = timeline;
        this.deadlineNanos = deadlineNanos;
    }

    /** Too many configurations, or no time left. */
    static final class UndecidedException extends Exception {
        private static final long serialVersionUID = 1L;

        UndecidedException(String message) {
            super(message);
        }
    }

    /** How far an order was found: the index of the return that no configuration passes, or the timeline's length. */
    int furthest() throws UndecidedException {
        return new Run(timeline.length(), true).go();
    }

    /** Every state that some configuration has before {@code event}, which at least one must reach. */
    Set<S> statesBefore(int event) throws UndecidedException {
        Run run = new Run(event, false);
        run.go();
        return run.reached;
    }

    /**
     * A point of the search: all events before {@code event} are explained.
     *
     * @param placed the open operations that are in their place
     * @param used the operations without an answer that took effect
     * @param before the state before the last of them, as long as nothing has shown that it was needed; else null
     */
    private record Configuration<S>(
            int event,
            S state,
            IntSet placed,
            IntSet used,
            @Nullable S before) {
        Configuration<S> at(int newEvent, IntSet newPlaced) {
            return new Configuration<>(newEvent, state, newPlaced, used, newPlaced.equals(placed) ? before : null);
        }
    }

    private record Likeness<S>(
            int event, S state, IntSet placed, @Nullable S before) {}

    /** One pass over the timeline up to an event. */
    private final class Run {
        private final int end;
        private final boolean first;
        private final Set<S> reached = new LinkedHashSet<>();
        private final Map<Likeness<S>, List<IntSet>> seen = new HashMap<>();
        private final Deque<Configuration<S>> stack = new ArrayDeque<>();
        private int furthest;
        private int expanded;

        /** @param first stop as soon as one configuration reaches the end */
        Run(int end, boolean first) {
            this.end = end;
            this.first = first;
        }

        int go() throws UndecidedException {
            stack.push(new Configuration<>(0, model.initial(), IntSet.EMPTY, IntSet.EMPTY, null));
            while (!stack.isEmpty() && !(first && furthest == end)) {
                Configuration<S> configuration = proceed(stack.pop());
                furthest = Math.max(furthest, configuration.event);
                if (isNew(configuration)) {
                    if (configuration.event == end) {
                        reached.add(configuration.state);
                    } else {
                        expand(configuration);
                    }
                }
            }
            return furthest;
        }

        /** Passes the events that leave no choice, up to a return whose operation has no place yet. */
        private Configuration<S> proceed(Configuration<S> from) {
            Configuration<S> at = from;
            while (at.event < end) {
                int op = timeline.operationAt(at.event);
                if (timeline.isReturn(at.event)) {
                    at = observe(at);
                    if (!at.placed.contains(op)) {
                        return at;
                    }
                    at = at.at(at.event + 1, at.placed.without(op));
                } else {
                    at = at.at(at.event + 1, at.placed);
                }
            }
            return at;
        }

        /** Places the open operations that only observe, and saw this state. */
        private Configuration<S> observe(Configuration<S> at) {
            IntSet placed = at.placed;
            for (int op : timeline.openAt(at.event)) {
                Operation<I, O> operation = timeline.operation(op);
                O output = operation.output().orElseThrow();
                if (!placed.contains(op)
                        && model.observes(operation.input(), output)
                        && model.after(at.state, operation.input(), output).contains(at.state)) {
                    placed = placed.with(op);
                }
            }
            return at.at(at.event, placed);
        }

        private boolean isNew(Configuration<S> configuration) throws UndecidedException {
            List<IntSet> others = seen.computeIfAbsent(
                    new Likeness<>(
                            configuration.event, configuration.state, configuration.placed, configuration.before),
                    likeness -> new ArrayList<>(1));
            for (IntSet other : others) {
                if (other.isSubsetOf(configuration.used)) {
                    return false;
                }
            }
            others.removeIf(configuration.used::isSubsetOf);
            others.add(configuration.used);
            if (++expanded > CONFIGURATIONS_MAX) {
                throw new UndecidedException("more than " + CONFIGURATIONS_MAX + " configurations");
            }
            if (expanded % 256 == 0 && System.nanoTime() - deadlineNanos > 0) {
                throw new UndecidedException("no time left after " + expanded + " configurations");
            }
            return true;
        }

        /**
         * Pushes what can come next, the most likely last: the operation that returns, others that are open, unknown
         * ones.
         */
        private void expand(Configuration<S> at) {
            int returning = timeline.operationAt(at.event);
            for (int position = 0; position < timeline.unknownsBefore(at.event); position++) {
                use(at, timeline.unknown(position));
            }
            for (int op : timeline.openAt(at.event)) {
                if (op != returning && !at.placed.contains(op)) {
                    place(at, op, at.event, at.placed.with(op));
                }
            }
            place(at, returning, at.event + 1, at.placed);
        }

        private void place(Configuration<S> at, int op, int event, IntSet placed) {
            Operation<I, O> operation = timeline.operation(op);
            O output = operation.output().orElseThrow();
            List<S> without = at.before == null ? List.of() : model.after(at.before, operation.input(), output);
            for (S state : model.after(at.state, operation.input(), output)) {
                if (!without.contains(state)) {
                    stack.push(new Configuration<>(event, state, placed, at.used, null));
                }
            }
        }

        private void use(Configuration<S> at, int op) {
            if (!mayUse(at, op)) {
                return;
            }
            I input = timeline.operation(op).input();
            List<S> without = at.before == null ? List.of() : model.afterUnknown(at.before, input);
            for (S state : model.afterUnknown(at.state, input)) {
                if (!state.equals(at.state) && !without.contains(state)) {
                    Configuration<S> used = new Configuration<>(at.event, state, at.placed, at.used.with(op), at.state);
                    if (isOfUse(used)) {
                        stack.push(used);
                    }
                }
            }
        }

        private boolean mayUse(Configuration<S> at, int op) {
            int previous = timeline.previousAlike(op);
            return !at.used.contains(op) && (previous < 0 || at.used.contains(previous));
        }

        /**
         * Whether something can be placed or used next that could not be, or would not do the same, in the state
         * before.
         */
        private boolean isOfUse(Configuration<S> at) {
            S before = Objects.requireNonNull(at.before);
            for (int op : timeline.openAt(at.event)) {
                Operation<I, O> next = timeline.operation(op);
                O output = next.output().orElseThrow();
                if (!at.placed.contains(op)
                        && differ(
                                model.after(at.state, next.input(), output),
                                model.after(before, next.input(), output))) {
                    return true;
                }
            }
            for (int position = 0; position < timeline.unknownsBefore(at.event); position++) {
                int op = timeline.unknown(position);
                I input = timeline.operation(op).input();
                if (mayUse(at, op) && differ(model.afterUnknown(at.state, input), model.afterUnknown(before, input))) {
                    return true;
                }
            }
            return false;
        }

        private boolean differ(List<S> with, List<S> without) {
            return !without.containsAll(with);
        }
    }
}
