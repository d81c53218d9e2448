package io.coordinator.document;

/**
 * A command would make or do more than one command may. Thrown from wherever that shows; the one place that runs
 * commands undoes what was done and refuses the command whole. Without a stack trace: it is a verdict, not a defect.
 */
public final class OverBudgetException extends RuntimeException {
    /**
     * The verdict.
     *
     * @param part what was too much
     * @param unit "bytes" or "steps"
     * @param limit for one command
     */
    public OverBudgetException(String part, String unit, long limit) {
        super(part + " would take more than the " + limit + " " + unit + " that one command may", null, false, false);
    }
}
