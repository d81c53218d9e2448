package io.coordinator.client.error;

/**
 * The command's guard did not name the live grant: it was released, expired, lost, or never issued. The command had no
 * effect (PM-FENCE-2, PM-FENCE-5, PM-FENCE-6).
 */
public final class FencedException extends OwnershipLostException {
    private final String namespace;
    private final String lock;
    private final long presentedToken;
    private final long currentToken;

    /**
     * With what the refused guard named.
     *
     * @param namespace of the lock; empty if no guard was sent
     * @param lock the lock's name; empty if no guard was sent
     * @param presentedToken the token that was refused; 0 if none was sent
     * @param currentToken of the live grant; 0 if nobody holds the lock
     */
    public FencedException(String message, String namespace, String lock, long presentedToken, long currentToken) {
        super(ErrorCode.EFENCED, false, false, message, null);
        this.namespace = namespace;
        this.lock = lock;
        this.presentedToken = presentedToken;
        this.currentToken = currentToken;
    }

    /** The namespace of the lock that the refused guard names. */
    public String namespace() {
        return namespace;
    }

    /** The name of the lock that the refused guard names. */
    public String lock() {
        return lock;
    }

    /** The token that was refused. */
    public long presentedToken() {
        return presentedToken;
    }

    /** The live grant's token, or 0 if nobody holds the lock. */
    public long currentToken() {
        return currentToken;
    }
}
