package io.coordinator.client.error;

/** There is no such key (JC-GET-2). */
public final class KeyNotFoundException extends CoordinatorException {
    public KeyNotFoundException(String message) {
        super(ErrorCode.EKEYNOTFOUND, false, false, message, null);
    }
}
