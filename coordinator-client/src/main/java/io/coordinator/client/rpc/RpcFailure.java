package io.coordinator.client.rpc;

import io.coordinator.client.error.RemoteException;
import io.coordinator.client.internal.argument.Text;
import org.jspecify.annotations.Nullable;

/**
 * What a handler throws to choose the code and the message that its caller gets, as
 * {@link RemoteException#remoteCode()} and {@link RemoteException#remoteMessage()}. It is an answer, not a defect:
 * the worker's error listener does not hear of it.
 */
public final class RpcFailure extends RuntimeException {
    private final String code;

    /**
     * A failure with a code.
     *
     * @param code not empty; what is more than 256 bytes of UTF-8 is cut off
     * @param message what is more than 16 KiB of UTF-8 is cut off
     */
    public RpcFailure(String code, String message) {
        this(code, message, null);
    }

    /**
     * As {@link #RpcFailure(String, String)}, with what led to it; the caller gets nothing of that.
     *
     * @param cause may be null
     */
    public RpcFailure(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = Text.name("code", code);
    }

    /** The code that the caller gets. */
    public String code() {
        return code;
    }
}
