package io.coordinator.client;

/** An expected revision was not the current one. Read again, decide again, write again. */
public final class ConflictException extends ContentionException {
    public ConflictException(String message) {
        super(ErrorCode.ECONFLICT, true, false, message, null);
    }
}
