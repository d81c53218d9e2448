package io.coordinator.server.session;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.server.replica.Replica;
import io.coordinator.state.MessageGate;
import java.security.MessageDigest;
import java.util.Optional;

/** What a Hello must satisfy, apart from the session that it names. */
final class Handshake {
    /** The versions of the protocol that this node speaks; there is only one so far. */
    static final int VERSION_MIN = 1;

    static final int VERSION_MAX = 1;

    /** Sessions end one by one; until then there is nothing to hurry for. */
    private static final long FULL_RETRY_MILLIS = 1_000;

    private final GatewaySettings settings;
    private final Replica replica;
    private final MessageGate gate;
    private final AuthToken token;

    Handshake(GatewaySettings settings, Replica replica) {
        this.settings = settings;
        this.replica = replica;
        this.gate = new MessageGate(settings.limits());
        this.token = new AuthToken(settings.authToken());
    }

    Optional<Error> refuse(Hello hello, Caller caller) {
        if (hello.getVersionMin() > VERSION_MAX || hello.getVersionMax() < VERSION_MIN) {
            boolean old = hello.getVersionMax() < VERSION_MIN;
            return refusal(
                    ErrorCode.EMISMATCH,
                    "this node speaks protocol versions " + VERSION_MIN + " to " + VERSION_MAX + ", the client "
                            + hello.getVersionMin() + " to " + hello.getVersionMax()
                            + (old ? "; use a newer client" : "; upgrade the cluster, or use an older client"));
        }
        Optional<Error> broken = gate.refuse(hello);
        if (broken.isPresent()) {
            return broken;
        }
        if (!hello.getCluster().isEmpty() && !hello.getCluster().equals(settings.cluster())) {
            return refusal(
                    ErrorCode.EMISMATCH,
                    "this is cluster '" + settings.cluster() + "', the client wants '" + hello.getCluster() + "'");
        }
        // A client that cannot send the header shows the token here.
        if (token.isRequired()
                && !caller.authenticated()
                && !token.matches(hello.getAuthTokenBytes().toByteArray())) {
            return refusal(ErrorCode.EAUTH, "wrong or missing auth token");
        }
        return Optional.empty();
    }

    /**
     * Why this session is not opened; for the leader. Sessions on their way through the log are not counted yet, so a
     * burst can exceed the limits by as many as one entry opens.
     *
     * @param sessionsOfCaller those that the caller's address has
     */
    Optional<Error> refuseOpening(Command opening, int sessionsOfCaller) {
        if (replica.status().sessions() >= settings.sessionsMax()) {
            return full("the cluster has " + settings.sessionsMax() + " sessions, as many as it takes");
        }
        if (sessionsOfCaller >= settings.sessionsPerAddressMax()) {
            return full("your address has " + settings.sessionsPerAddressMax() + " sessions, as many as one may have");
        }
        return replica.refuse(opening);
    }

    /** The newest version of the protocol that both speak; of a Hello that is not refused. */
    static int agreed(Hello hello) {
        return Math.min(hello.getVersionMax(), VERSION_MAX);
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

    private static Optional<Error> full(String problem) {
        return Optional.of(SessionRefusals.of(ErrorCode.EBUSY, problem + "; close some, or try again later").toBuilder()
                .setRetryAfterMillis(FULL_RETRY_MILLIS)
                .build());
    }

    private static Optional<Error> refusal(ErrorCode code, String message) {
        return Optional.of(SessionRefusals.of(code, message));
    }
}
