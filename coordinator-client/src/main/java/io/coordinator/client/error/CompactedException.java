package io.coordinator.client.error;

/** The revision asked for is no longer kept. Read the current state, then watch from its revision plus one. */
public final class CompactedException extends CoordinatorException {
    private final long oldestRevision;

    /**
     * With what is still kept.
     *
     * @param oldestRevision the oldest that can still be watched from
     */
    public CompactedException(String message, long oldestRevision) {
        super(ErrorCode.ECOMPACTED, false, false, message, null);
        this.oldestRevision = oldestRevision;
    }

    /** The oldest revision that can still be watched from. */
    public long oldestRevision() {
        return oldestRevision;
    }
}
