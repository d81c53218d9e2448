package io.coordinator.server.raft;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/** The secret by which the members of a cluster know each other; every call between them carries it (C-12). */
final class PeerToken {
    private static final Metadata.Key<byte[]> HEADER =
            Metadata.Key.of("coordinator-peer-token-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final byte[] bytes;

    PeerToken(String text) {
        this.bytes = text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Adds it to the headers of a call. */
    void show(Metadata headers) {
        headers.put(HEADER, bytes);
    }

    /** Whether the headers show this very token; takes as long for a token that is nearly right as for any other. */
    boolean isShown(Metadata headers) {
        byte @Nullable [] shown = headers.get(HEADER);
        return shown != null && MessageDigest.isEqual(bytes, shown);
    }
}
