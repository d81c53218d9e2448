package io.coordinator.server.net;

import io.grpc.Metadata;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How a member shows on the client port of another that it is one. Made of the {@code peer-token}, and not that token
 * itself, which opens the peer port and has no business elsewhere: who overhears the proof can ask for a node's status
 * whatever the load, and nothing else.
 */
public final class MemberProof {
    private static final Metadata.Key<byte[]> HEADER =
            Metadata.Key.of("coordinator-member-bin", Metadata.BINARY_BYTE_MARSHALLER);
    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] PURPOSE = "coordinator status".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;

    private MemberProof(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The proof of the members that share this token; empty if they share none, and then cannot be told from clients.
     */
    public static Optional<MemberProof> of(Optional<String> peerToken) {
        return peerToken.map(token -> new MemberProof(derive(token)));
    }

    private static byte[] derive(String peerToken) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(peerToken.getBytes(StandardCharsets.US_ASCII), ALGORITHM));
            return mac.doFinal(PURPOSE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /** Adds it to the headers of a call. */
    void show(Metadata headers) {
        headers.put(HEADER, bytes);
    }

    /** Whether the headers show this very proof; takes as long for one that is nearly right as for any other. */
    boolean isShown(Metadata headers) {
        byte @Nullable [] shown = headers.get(HEADER);
        return shown != null && MessageDigest.isEqual(bytes, shown);
    }
}
