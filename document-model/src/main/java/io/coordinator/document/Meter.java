package io.coordinator.document;

/**
 * Counts what one command makes and does. Whoever is about to make or do something says so first, with its size, so
 * that what is too much is never begun.
 */
public interface Meter {
    /** Counts nothing: for callers that answer to nobody but themselves. */
    Meter UNMETERED = new Meter() {
        @Override
        public void bytes(String part, long count) {}

        @Override
        public void steps(String part, long count) {}
    };

    /**
     * So many bytes are about to be made.
     *
     * @param part what they are, for the message of a refusal: "patch", "results"
     * @throws OverBudgetException if that is more than is left
     */
    void bytes(String part, long count);

    /**
     * So many steps are about to be taken: elements compared, rows visited.
     *
     * @param part what they are for
     * @throws OverBudgetException if that is more than is left
     */
    void steps(String part, long count);
}
