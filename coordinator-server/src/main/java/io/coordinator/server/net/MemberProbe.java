package io.coordinator.server.net;

import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.JoinReply;
import io.coordinator.protocol.JoinRequest;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.NodeStatusRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Asks other members for their status, as any client may; each time on a connection of its own. It shows that a member
 * asks, so that it is answered though clients have as many calls under way as they may.
 */
public final class MemberProbe implements MemberCalls {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final long TIMEOUT_MILLIS = 3_000;

    private final Metadata headers = new Metadata();

    /**
     * A probe.
     *
     * @param authToken what clients must show, if anything
     * @param proof that a member asks, if members can prove it
     */
    public MemberProbe(Optional<String> authToken, Optional<MemberProof> proof) {
        proof.ifPresent(shown -> shown.show(headers));
        authToken.ifPresent(token -> headers.put(AUTHORIZATION, "Bearer " + token));
    }

    @Override
    public CompletableFuture<NodeStatusReply> status(String clientAddress) {
        return status(clientAddress, NodeStatusRequest.getDefaultInstance());
    }

    /** As {@link #status(String)}, with a question about a digest. */
    public CompletableFuture<NodeStatusReply> status(String clientAddress, NodeStatusRequest request) {
        return call(clientAddress, (stub, answer) -> stub.nodeStatus(request, answer));
    }

    @Override
    public CompletableFuture<JoinReply> join(String clientAddress, JoinRequest request) {
        return call(clientAddress, (stub, answer) -> stub.join(request, answer));
    }

    private <A> CompletableFuture<A> call(
            String clientAddress, BiConsumer<CoordinatorServiceGrpc.CoordinatorServiceStub, StreamObserver<A>> method) {
        CompletableFuture<A> found = new CompletableFuture<>();
        ManagedChannel channel;
        try {
            channel = NettyChannelBuilder.forTarget(clientAddress)
                    .usePlaintext()
                    .proxyDetector(target -> null)
                    .build();
        } catch (IllegalArgumentException noAddress) {
            return CompletableFuture.failedFuture(noAddress);
        }
        method.accept(
                CoordinatorServiceGrpc.newStub(channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                        .withDeadlineAfter(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS),
                new StreamObserver<>() {
                    @Override
                    public void onNext(A answer) {
                        found.complete(answer);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        channel.shutdownNow();
                        found.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        channel.shutdownNow();
                    }
                });
        return found;
    }
}
