package io.coordinator.testing;

import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.NodeStatusRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Asks nodes how they see themselves. */
final class NodeStatusClient implements AutoCloseable {
    private static final long TIMEOUT_MILLIS = 1_000;

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Metadata headers = new Metadata();
    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

    /** @param authToken what nodes want to be shown; empty for nothing */
    NodeStatusClient(String authToken) {
        if (!authToken.isEmpty()) {
            headers.put(AUTHORIZATION, "Bearer " + authToken);
        }
    }

    /** Empty if the node does not answer soon. */
    Optional<NodeStatusReply> ask(String address) {
        ManagedChannel channel = channels.computeIfAbsent(address, NodeStatusClient::connect);
        try {
            // A channel that failed to connect would wait for its backoff; the node may be up again already.
            channel.resetConnectBackoff();
            return Optional.of(CoordinatorServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                    .nodeStatus(NodeStatusRequest.getDefaultInstance()));
        } catch (StatusRuntimeException e) {
            return Optional.empty();
        }
    }

    private static ManagedChannel connect(String address) {
        return Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
                .build();
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
