package io.coordinator.client.internal.net;

import io.grpc.Status;
import java.util.Locale;

/** What was found at an address where no node answered, in words for whoever wrote the address down. */
public final class Found {
    private static final int CAUSES_MAX = 20;
    private static final String WANTED = "; give the client port of a node (client-bind, 7400 unless it was set)";
    /** The first bytes of what an HTTP server says, as gRPC shows them. */
    private static final String HTTP = "485454502f";

    private Found() {}

    /** Part of a sentence that begins with the address. */
    public static String describe(Status status) {
        String told = told(status);
        String lower = told.toLowerCase(Locale.ROOT);
        if (lower.contains(HTTP)) {
            return "an HTTP server answers there, perhaps that of a node (http-bind)" + WANTED;
        }
        if (lower.contains("frame was not settings") || lower.contains("http/2 client preface")) {
            return "what answers there does not speak gRPC" + WANTED;
        }
        if (status.getCode() == Status.Code.UNIMPLEMENTED) {
            return "what answers there serves no clients, perhaps the peer port of a node (peer-bind)" + WANTED;
        }
        if (lower.contains("connection refused")) {
            return "nothing listens there (connection refused)";
        }
        return told;
    }

    private static String told(Status status) {
        StringBuilder text = new StringBuilder(status.getCode().name());
        if (status.getDescription() != null) {
            text.append(": ").append(status.getDescription());
        }
        Throwable cause = status.getCause();
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            if (cause.getMessage() != null && text.indexOf(cause.getMessage()) < 0) {
                text.append(" (").append(cause.getMessage()).append(')');
            }
            cause = cause.getCause();
        }
        return text.toString();
    }
}
