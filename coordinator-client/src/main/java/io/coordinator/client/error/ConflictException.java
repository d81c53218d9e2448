package io.coordinator.client.error;

/** An expected revision was not the current one. Read again, decide again, write again. */
public final class ConflictException extends ContentionException {
    private final long revision;

    /**
     * With what there was instead.
     *
     * @param revision what it was; 0 if there was nothing
     */
    public ConflictException(String message, long revision) {
        super(ErrorCode.ECONFLICT, true, false, message, null);
        this.revision = revision;
    }

    /** The revision that there was instead. */
    public long revision() {
        return revision;
    }
}
