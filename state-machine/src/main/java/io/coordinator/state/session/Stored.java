package io.coordinator.state.session;

import java.util.List;

/**
 * Which messages of a sequence are rows of the snapshot: those with the numbers {@code after + 1 … last}.
 *
 * @param after the number before the first
 * @param last the number of the last
 */
record Stored(long after, long last) {

    /** All that are not acknowledged. */
    static Stored all(Unacknowledged<?> messages) {
        return new Stored(messages.acknowledged(), messages.last());
    }

    /** What brings the rows up to date: those to delete, and those to write. */
    <M> Change<M> next(Unacknowledged<M> messages, boolean ended) {
        long keptAfter = ended ? last : Math.min(messages.acknowledged(), last);
        return new Change<>(
                after, keptAfter, Math.max(last, messages.acknowledged()), ended ? List.of() : messages.after(last));
    }

    /**
     * A change of rows.
     *
     * @param deletedAfter rows with the numbers {@code deletedAfter + 1 … deletedTo} go
     * @param writtenAfter the rows written have the numbers behind this
     */
    record Change<M>(long deletedAfter, long deletedTo, long writtenAfter, List<M> written) {
        int size() {
            return (int) (deletedTo - deletedAfter) + written.size();
        }
    }
}
