package io.coordinator.client;

/**
 * The command's guard did not name the live grant: it was released, expired, lost, or never issued. The command had no
 * effect (PM-FENCE-2, PM-FENCE-5, PM-FENCE-6).
 */
public final class FencedException extends OwnershipLostException {
    private final Guard presented;
    private final long currentToken;

    /**
     * With the guard that was refused.
     *
     * @param presented that guard
     * @param currentToken of the live grant; 0 if nobody holds the lock
     */
    public FencedException(String message, Guard presented, long currentToken) {
        super(ErrorCode.EFENCED, false, false, message, null);
        this.presented = presented;
        this.currentToken = currentToken;
    }

    /** The guard that was refused. */
    public Guard presented() {
        return presented;
    }

    /** The live grant's token, or 0 if nobody holds the lock. */
    public long currentToken() {
        return currentToken;
    }
}
