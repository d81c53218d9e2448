package io.coordinator.client.internal.rpc;

import com.fasterxml.jackson.core.type.TypeReference;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.rpc.CallOptions;
import io.coordinator.client.rpc.ProcedurePage;
import io.coordinator.client.rpc.ProcedureStatus;
import io.coordinator.client.rpc.Rpc;
import io.coordinator.client.rpc.RpcHandler;
import io.coordinator.client.rpc.RpcWorker;
import io.coordinator.client.rpc.WorkerOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Calls and workers for callers that wait. */
public record BlockingRpc(RpcCalls calls) implements Rpc {
    @Override
    public String namespace() {
        return calls.namespace();
    }

    @Override
    public <T> @Nullable T call(String name, @Nullable Object arguments, Class<T> type) {
        return Await.<@Nullable T>result(calls.call(name, arguments, type));
    }

    @Override
    public <T> @Nullable T call(String name, @Nullable Object arguments, Class<T> type, CallOptions options) {
        return Await.<@Nullable T>result(calls.call(name, arguments, type, options));
    }

    @Override
    public <T> @Nullable T call(String name, @Nullable Object arguments, TypeReference<T> type, CallOptions options) {
        return Await.<@Nullable T>result(calls.call(name, arguments, type, options));
    }

    @Override
    public RpcWorker register(String name, RpcHandler handler) {
        return Await.result(calls.register(name, handler));
    }

    @Override
    public RpcWorker register(String name, RpcHandler handler, WorkerOptions options) {
        return Await.result(calls.register(name, handler, options));
    }

    @Override
    public <T> T proxy(Class<T> type) {
        return calls.proxy(type);
    }

    @Override
    public <T> T proxy(Class<T> type, CallOptions options) {
        return calls.proxy(type, options);
    }

    @Override
    public <T> RpcWorker serve(Class<T> type, T implementation) {
        return Await.result(calls.serve(type, implementation));
    }

    @Override
    public <T> RpcWorker serve(Class<T> type, T implementation, WorkerOptions options) {
        return Await.result(calls.serve(type, implementation, options));
    }

    @Override
    public ProcedurePage list(String prefix, String after, int limit) {
        return Await.result(calls.list(prefix, after, limit));
    }

    @Override
    public Optional<ProcedureStatus> inspect(String name) {
        return Await.result(calls.inspect(name));
    }
}
