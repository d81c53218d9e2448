package io.coordinator.testing.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The operations on one object as a sequence of events, calls and returns. A call and a return at the same nanosecond
 * count as overlapping, which can only excuse an answer, never condemn one.
 */
final class Timeline<I, O> {
    /** In the order of the calls; an operation is named by its position here. */
    private final List<Operation<I, O>> operations;
    /** {@code op} for its call, {@code ~op} for its return. */
    private final int[] events;
    /** At each return: the answered operations that are open, including the one that returns. */
    private final int[][] open;
    /** Operations without an answer, in the order of their calls. */
    private final int[] unknowns;
    /** For each operation without an answer: the one before it with an equal input, or -1. */
    private final int[] previousAlike;
    /** For each event: how many operations without an answer were called before it. */
    private final int[] unknownsBefore;

    Timeline(List<Operation<I, O>> unordered) {
        operations = unordered.stream()
                .sorted(Comparator.comparingLong(Operation::callNanos))
                .toList();
        events = order(operations);
        open = new int[events.length][];
        unknownsBefore = new int[events.length + 1];
        List<Integer> openNow = new ArrayList<>();
        List<Integer> unknownsSoFar = new ArrayList<>();
        for (int i = 0; i < events.length; i++) {
            unknownsBefore[i] = unknownsSoFar.size();
            int event = events[i];
            if (event < 0) {
                open[i] = openNow.stream().mapToInt(Integer::intValue).toArray();
                openNow.remove((Integer) ~event);
            } else {
                (operations.get(event).isUnknown() ? unknownsSoFar : openNow).add(event);
            }
        }
        unknownsBefore[events.length] = unknownsSoFar.size();
        unknowns = unknownsSoFar.stream().mapToInt(Integer::intValue).toArray();
        previousAlike = alike(operations, unknowns);
    }

    private static <I, O> int[] order(List<Operation<I, O>> operations) {
        List<Integer> events = new ArrayList<>();
        for (int op = 0; op < operations.size(); op++) {
            events.add(op);
            if (!operations.get(op).isUnknown()) {
                events.add(~op);
            }
        }
        events.sort(Comparator.<Integer>comparingLong(event -> time(operations, event))
                .thenComparing(event -> event < 0));
        return events.stream().mapToInt(Integer::intValue).toArray();
    }

    private static <I, O> long time(List<Operation<I, O>> operations, int event) {
        return event < 0
                ? operations.get(~event).returnNanos()
                : operations.get(event).callNanos();
    }

    private static <I, O> int[] alike(List<Operation<I, O>> operations, int[] unknowns) {
        int[] previous = new int[operations.size()];
        Map<I, Integer> last = new HashMap<>();
        for (int op : unknowns) {
            Integer before = last.put(operations.get(op).input(), op);
            previous[op] = before == null ? -1 : before;
        }
        return previous;
    }

    int length() {
        return events.length;
    }

    boolean isReturn(int event) {
        return events[event] < 0;
    }

    /** The operation that is called or returns. */
    int operationAt(int event) {
        return events[event] < 0 ? ~events[event] : events[event];
    }

    Operation<I, O> operation(int op) {
        return operations.get(op);
    }

    List<Operation<I, O>> operations() {
        return operations;
    }

    /** The answered operations that are open at a return, including the one that returns. */
    int[] openAt(int returnEvent) {
        return open[returnEvent];
    }

    int unknownsBefore(int event) {
        return unknownsBefore[event];
    }

    int unknown(int position) {
        return unknowns[position];
    }

    /**
     * The operation without an answer called before {@code op} with an equal input: it can stand for {@code op}; -1 if
     * none.
     */
    int previousAlike(int op) {
        return previousAlike[op];
    }

    /** The first event at which one of the operations that overlap {@code op} is called. */
    int beginOfOverlap(int op) {
        long begin = operations.get(op).callNanos();
        for (int i = 0; i < events.length; i++) {
            Operation<I, O> other = operations.get(operationAt(i));
            if (!isReturn(i) && !other.isUnknown() && other.returnNanos() >= begin) {
                return i;
            }
        }
        throw new IllegalArgumentException("operation " + op + " has no call");
    }
}
