package io.coordinator.testing.scenario;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.Consistency;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.GetValue;
import io.coordinator.protocol.Query;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Linearizable reads from one node over one connection, without the SDK's retries. */
final class RawReads implements AutoCloseable {
    private final ManagedChannel channel;
    private final CoordinatorServiceGrpc.CoordinatorServiceStub stub;

    private RawReads(ManagedChannel channel) {
        this.channel = channel;
        this.stub = CoordinatorServiceGrpc.newStub(channel);
    }

    static RawReads connect(String address) {
        return new RawReads(Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
                .build());
    }

    /** The number at a key, or empty if the node refused to answer or did not in time. */
    CompletableFuture<OptionalLong> get(String key, Duration timeout) {
        return get(Consistency.LINEARIZABLE, key, timeout);
    }

    /** As {@link #get(String, Duration)}, by what this node knows itself. */
    CompletableFuture<OptionalLong> stale(String key, Duration timeout) {
        return get(Consistency.STALE, key, timeout);
    }

    private CompletableFuture<OptionalLong> get(Consistency consistency, String key, Duration timeout) {
        Query query = Query.newBuilder()
                .setConsistency(consistency)
                .setCache(CacheQuery.newBuilder()
                        .setNamespace("default")
                        .setKey(key)
                        .setGet(GetValue.getDefaultInstance()))
                .build();
        CompletableFuture<OptionalLong> result = new CompletableFuture<>();
        stub.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS).read(query, new StreamObserver<>() {
            @Override
            public void onNext(Answer answer) {
                result.complete(number(answer));
            }

            @Override
            public void onError(Throwable refused) {
                result.complete(OptionalLong.empty());
            }

            @Override
            public void onCompleted() {
                result.complete(OptionalLong.empty());
            }
        });
        return result;
    }

    private static OptionalLong number(Answer answer) {
        if (!answer.hasCache()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(
                Long.parseLong(answer.getCache().getGot().getEntry().getValue().toStringUtf8()));
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
