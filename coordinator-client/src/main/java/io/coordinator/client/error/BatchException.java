package io.coordinator.client.error;

/** One of several edits that belong together cannot be made, and so none was (DJ-BAT-2). */
public final class BatchException extends RejectedException {
    private final int index;

    /**
     * With the place of the edit.
     *
     * @param index counted from 0
     */
    public BatchException(String message, int index) {
        super(ErrorCode.EBATCH, false, false, message, null);
        this.index = index;
    }

    /** The first edit that cannot be made, counted from 0. */
    public int index() {
        return index;
    }
}
