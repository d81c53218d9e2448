package io.coordinator.client.rpc;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@link Rpc} with stages. Cancelling the stage of a call cancels the call, of which its worker is told. */
public interface AsyncRpc {
    /** See {@link Rpc#namespace()}. */
    String namespace();

    /** See {@link Rpc#call(String, Object, Class)}. */
    <T> CompletionStage<@Nullable T> call(String name, @Nullable Object arguments, Class<T> type);

    /** See {@link Rpc#call(String, Object, Class, CallOptions)}. */
    <T> CompletionStage<@Nullable T> call(String name, @Nullable Object arguments, Class<T> type, CallOptions options);

    /** See {@link Rpc#call(String, Object, TypeReference, CallOptions)}. */
    <T> CompletionStage<@Nullable T> call(
            String name, @Nullable Object arguments, TypeReference<T> type, CallOptions options);

    /** See {@link Rpc#register(String, RpcHandler)}. */
    CompletionStage<RpcWorker> register(String name, RpcHandler handler);

    /** See {@link Rpc#register(String, RpcHandler, WorkerOptions)}. */
    CompletionStage<RpcWorker> register(String name, RpcHandler handler, WorkerOptions options);

    /** See {@link Rpc#proxy(Class)}. */
    <T> T proxy(Class<T> type);

    /** See {@link Rpc#proxy(Class, CallOptions)}. */
    <T> T proxy(Class<T> type, CallOptions options);

    /** See {@link Rpc#serve(Class, Object)}. */
    <T> CompletionStage<RpcWorker> serve(Class<T> type, T implementation);

    /** See {@link Rpc#serve(Class, Object, WorkerOptions)}. */
    <T> CompletionStage<RpcWorker> serve(Class<T> type, T implementation, WorkerOptions options);

    /** See {@link Rpc#list()}. */
    default CompletionStage<ProcedurePage> list() {
        return list("", "", 100);
    }

    /** See {@link Rpc#list(String, String, int)}. */
    CompletionStage<ProcedurePage> list(String prefix, String after, int limit);

    /** See {@link Rpc#inspect(String)}. */
    CompletionStage<Optional<ProcedureStatus>> inspect(String name);
}
