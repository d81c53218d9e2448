package io.coordinator.server.session;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.SessionCommand;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** What a Hello must satisfy, apart from the session itself. */
final class Handshake {
    /** The only version of the protocol so far. */
    static final int VERSION = 1;

    private static final int RESUME_TOKEN_BYTES_MIN = 16;
    private static final int RESUME_TOKEN_BYTES_MAX = 64;

    private final GatewaySettings settings;

    Handshake(GatewaySettings settings) {
        this.settings = settings;
    }

    Optional<Error> refuse(Hello hello) {
        if (hello.getVersionMin() > VERSION || hello.getVersionMax() < VERSION) {
            return refusal(
                    ErrorCode.EMISMATCH,
                    "this node speaks protocol version " + VERSION + ", the client " + hello.getVersionMin() + " to "
                            + hello.getVersionMax());
        }
        if (!hello.getCluster().isEmpty() && !hello.getCluster().equals(settings.cluster())) {
            return refusal(
                    ErrorCode.EMISMATCH,
                    "this is cluster '" + settings.cluster() + "', the client wants '" + hello.getCluster() + "'");
        }
        if (!mayEnter(hello)) {
            return refusal(ErrorCode.EAUTH, "wrong or missing auth token");
        }
        int secret = hello.getResumeToken().size();
        if (secret < RESUME_TOKEN_BYTES_MIN || secret > RESUME_TOKEN_BYTES_MAX) {
            return refusal(
                    ErrorCode.EINVAL,
                    "the resume token must have " + RESUME_TOKEN_BYTES_MIN + " to " + RESUME_TOKEN_BYTES_MAX
                            + " bytes");
        }
        return Optional.empty();
    }

    private boolean mayEnter(Hello hello) {
        return settings.authToken().isEmpty()
                || same(settings.authToken().get().getBytes(StandardCharsets.UTF_8), hello.getAuthTokenBytes());
    }

    /** Compares in constant time. */
    static boolean same(byte[] secret, ByteString shown) {
        return MessageDigest.isEqual(secret, shown.toByteArray());
    }

    /** The command that opens the session asked for, with a lease within the limits. */
    Command open(Hello hello) {
        long asked = hello.getLeaseMillis() == 0 ? settings.leaseMillis() : hello.getLeaseMillis();
        long lease = Math.min(
                Math.max(asked, settings.limits().leaseMillisMin()),
                settings.limits().leaseMillisMax());
        OpenSession open = OpenSession.newBuilder()
                .setResumeToken(hello.getResumeToken())
                .setLeaseMillis(lease)
                .setClientName(hello.getClientName())
                .build();
        return Command.newBuilder()
                .setSession(SessionCommand.newBuilder().setOpen(open))
                .build();
    }

    private static Optional<Error> refusal(ErrorCode code, String message) {
        return Optional.of(Errors.of(code, message));
    }
}
