package io.coordinator.client.error;

/**
 * The handler of a call failed in its worker (PM-RPC-6). What it threw comes as text: no exception of another process
 * is ever deserialized. {@link #code()} is always {@link ErrorCode#EHANDLER}; what the handler chose to say is in the
 * other three.
 */
public final class RemoteException extends CoordinatorException {
    private final String remoteCode;
    private final String remoteMessage;
    private final String remoteType;

    /**
     * A failure of a handler.
     *
     * @param what failed; for the message
     * @param remoteCode any text; an empty one stands for {@code EHANDLER}
     * @param remoteMessage may be empty
     * @param remoteType may be empty
     */
    public RemoteException(String what, String remoteCode, String remoteMessage, String remoteType) {
        super(ErrorCode.EHANDLER, false, false, text(what, remoteCode, remoteMessage, remoteType), null);
        this.remoteCode = remoteCode.isEmpty() ? ErrorCode.EHANDLER.name() : remoteCode;
        this.remoteMessage = remoteMessage;
        this.remoteType = remoteType;
    }

    private static String text(String what, String code, String message, String type) {
        boolean isPlain = code.isEmpty() || code.equals(ErrorCode.EHANDLER.name());
        return "the handler of " + what + " failed" + (isPlain ? "" : " with " + code)
                + (type.isEmpty() ? "" : " (" + type + ")")
                + (message.isEmpty() ? ", and gave no message" : ": " + message);
    }

    /** The code that the handler chose; {@code EHANDLER} if it chose none. Not one of a fixed set. */
    public String remoteCode() {
        return remoteCode;
    }

    /** The handler's own message, at most 16 KiB of it; empty if it had none. */
    public String remoteMessage() {
        return remoteMessage;
    }

    /** What the worker's language calls the failure: the class name of the exception; may be empty. */
    public String remoteType() {
        return remoteType;
    }
}
