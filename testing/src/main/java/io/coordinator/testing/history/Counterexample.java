package io.coordinator.testing.history;

import java.util.List;
import java.util.Locale;

/**
 * The part of a history that no order explains.
 *
 * @param key the object
 * @param statesBefore every state in which the object can have been when the first of {@code operations} began
 * @param operations the part, in the order of the calls; from none of the states before is it linearizable
 * @param culprit the operation whose answer could not be explained when it returned; all earlier answers can be
 */
public record Counterexample(
        String key, List<String> statesBefore, List<Operation<?, ?>> operations, Operation<?, ?> culprit) {
    private static final int WIDTH = 60;
    private static final int STATES_SHOWN = 8;

    @Override
    public String toString() {
        long start = operations.stream().mapToLong(Operation::callNanos).min().orElse(0);
        long end = Math.max(start + 1, culprit.returnNanos());
        StringBuilder report = new StringBuilder("not linearizable: key " + key + "\n  states before: ");
        report.append(String.join(" or ", statesBefore.subList(0, Math.min(STATES_SHOWN, statesBefore.size()))));
        if (statesBefore.size() > STATES_SHOWN) {
            report.append(" or ").append(statesBefore.size() - STATES_SHOWN).append(" more");
        }
        report.append('\n');
        for (Operation<?, ?> operation : operations) {
            report.append(line(operation, start, end));
        }
        return report.append("  > no order of these explains the operation marked with >")
                .toString();
    }

    private String line(Operation<?, ?> operation, long start, long end) {
        int from = column(operation.callNanos(), start, end);
        int to = column(Math.min(operation.returnNanos(), end), start, end);
        boolean open = operation.returnNanos() > end;
        String bar = " ".repeat(from) + "|" + "-".repeat(Math.max(0, to - from - 1)) + (open ? ">" : "|");
        return String.format(
                Locale.ROOT,
                "%s %-" + (WIDTH + 2) + "s %12s  %s -> %s  [%.3f .. %s ms]%n",
                operation.equals(culprit) ? " >" : "  ",
                bar,
                operation.client(),
                operation.input(),
                operation.output().<Object>map(output -> output).orElse("(unknown)"),
                (operation.callNanos() - start) / 1e6,
                operation.returnNanos() == Long.MAX_VALUE
                        ? "?"
                        : String.format(Locale.ROOT, "%.3f", (operation.returnNanos() - start) / 1e6));
    }

    private static int column(long nanos, long start, long end) {
        return (int) ((double) (nanos - start) / (end - start) * (WIDTH - 1));
    }
}
