package io.coordinator.client.internal.work;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.RemoteException;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.rpc.RpcFailure;
import io.coordinator.protocol.RemoteFailure;
import java.nio.charset.StandardCharsets;

/** What others are told of what a handler threw: text of bounded length, and nothing of its stack. */
public final class RemoteFailures {
    private static final int CODE_BYTES_MAX = 256;
    private static final int MESSAGE_BYTES_MAX = 16_384;
    private static final int TYPE_BYTES_MAX = 1_024;

    private RemoteFailures() {}

    /** Of something that was thrown. */
    public static RemoteFailure of(Throwable thrown) {
        return of(code(thrown), Thrown.message(thrown), thrown.getClass().getName());
    }

    /** A failure in words of the SDK's own. */
    public static RemoteFailure of(String code, String message, String type) {
        return RemoteFailure.newBuilder()
                .setCode(cut(code, CODE_BYTES_MAX))
                .setMessage(cut(message, MESSAGE_BYTES_MAX))
                .setType(cut(type, TYPE_BYTES_MAX))
                .build();
    }

    /** A code of a handler's choice. */
    public static String code(String chosen) {
        return cut(chosen, CODE_BYTES_MAX);
    }

    private static String code(Throwable thrown) {
        if (thrown instanceof RpcFailure failure) {
            return failure.code();
        } else if (thrown instanceof RemoteException remote) {
            return remote.remoteCode();
        }
        return thrown instanceof CoordinatorException known ? known.code().name() : ErrorCode.EHANDLER.name();
    }

    /** As much of it as fits, well-formed and without NUL. */
    static String cut(String text, int bytesMax) {
        StringBuilder kept = new StringBuilder();
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            String character = isSendable(point) ? Character.toString(point) : "?";
            bytes += character.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > bytesMax) {
                break;
            }
            kept.append(character);
        }
        return kept.toString();
    }

    private static boolean isSendable(int point) {
        return point != 0 && Character.getType(point) != Character.SURROGATE;
    }
}
