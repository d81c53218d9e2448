package io.coordinator.client.error;

/** A transaction was not applied, and nothing of it. */
public final class TransactionException extends ContentionException {
    private TransactionException(ErrorCode code, boolean retryable, String message) {
        super(code, retryable, false, message, null);
    }

    /** It took longer than it may (DJ-TX-3); run it again, with more time if it needs that. */
    public static TransactionException expired(String message) {
        return new TransactionException(ErrorCode.ETXEXPIRED, true, message);
    }

    /** It was begun inside another one of the same document (DJ-TX-6), which it would wait for in vain. */
    public static TransactionException nested(String message) {
        return new TransactionException(ErrorCode.ETXNESTED, false, message);
    }
}
