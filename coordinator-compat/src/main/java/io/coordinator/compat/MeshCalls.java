package io.coordinator.compat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.rpc.CallOptions;
import io.coordinator.client.rpc.RpcHandler;
import io.coordinator.client.rpc.RpcRequest;
import io.coordinator.client.rpc.RpcWorker;
import io.coordinator.client.rpc.WorkerOptions;
import io.coordinator.client.topic.PublishOptions;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicSubscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The calls and topics of a client, in the words of the older library. */
final class MeshCalls implements Mesh {
    private final CoordinatorClient client;
    private final MeshTopics topics;
    private final ConcurrentMap<String, RpcWorker> workers = new ConcurrentHashMap<>();

    MeshCalls(CoordinatorClient client) {
        this.client = client;
        this.topics = new MeshTopics(client);
    }

    @Override
    public void register(String name, MeshFunction function) {
        register(name, function, WorkerOptions.defaults());
    }

    @Override
    public void register(String name, MeshFunction function, WorkerOptions options) {
        requireNonNull(function, "function");
        RpcHandler handler = request -> function.apply(arguments(request));
        workers.put(name, client.rpc().register(name, handler, options));
    }

    /** Callers of another kind may give one value. */
    private static List<JsonNode> arguments(RpcRequest request) {
        JsonNode given = request.arguments();
        if (!given.isArray()) {
            return given.isNull() ? List.of() : List.of(given);
        }
        List<JsonNode> arguments = new ArrayList<>();
        given.forEach(arguments::add);
        return arguments;
    }

    @Override
    public boolean unregister(String name) {
        RpcWorker worker = workers.remove(name);
        return worker != null && worker.unregister();
    }

    @Override
    public <T> @Nullable T call(String name, List<?> arguments, Class<T> type) {
        return call(name, arguments, type, Duration.ZERO);
    }

    @Override
    public <T> @Nullable T call(String name, List<?> arguments, Class<T> type, Duration timeout) {
        return client.rpc().call(name, requireNonNull(arguments, "arguments"), type, options(timeout));
    }

    @Override
    public <T> CompletionStage<@Nullable T> callAsync(String name, List<?> arguments, Class<T> type, Duration timeout) {
        return client.async().rpc().call(name, requireNonNull(arguments, "arguments"), type, options(timeout));
    }

    @Override
    public TopicSubscription subscribe(String channel, MeshHandler handler) {
        return subscribe(channel, handler, SubscribeOptions.defaults());
    }

    @Override
    public TopicSubscription subscribe(String channel, MeshHandler handler, SubscribeOptions options) {
        return topics.subscribe(channel, handler, options);
    }

    @Override
    public boolean unsubscribe(String channel) {
        return topics.unsubscribe(channel);
    }

    @Override
    public int publish(String channel, @Nullable Object payload) {
        return client.topics().publish(channel, payload);
    }

    @Override
    public int publish(String channel, @Nullable Object payload, PublishOptions options) {
        return client.topics().publish(channel, payload, options);
    }

    @Override
    public CompletionStage<Integer> publishAsync(String channel, @Nullable Object payload, PublishOptions options) {
        return client.async().topics().publish(channel, payload, options);
    }

    private static CallOptions options(Duration timeout) {
        boolean isDefault = timeout.isNegative() || timeout.isZero();
        return isDefault ? CallOptions.defaults() : CallOptions.defaults().timeout(timeout);
    }
}
