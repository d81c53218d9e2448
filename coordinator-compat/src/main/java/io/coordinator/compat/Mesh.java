package io.coordinator.compat;

import io.coordinator.client.error.CallTimeoutException;
import io.coordinator.client.error.HandlerGoneException;
import io.coordinator.client.error.NoHandlerException;
import io.coordinator.client.error.RemoteException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.rpc.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Calls between programs as procmesh has them (PM): with a list of arguments, and workers known by their name. They
 * are the calls of {@code client.rpc()}, so that both reach each other. Names are
 * {@linkplain io.coordinator.client names}.
 */
public interface Mesh {
    /** As {@link #register(String, MeshFunction, WorkerOptions)}, with {@link WorkerOptions#defaults()}. */
    void register(String name, MeshFunction function);

    /**
     * Serves calls of a name from now on. A client serves each name by one function: the last one (PM-RPC-1).
     *
     * @throws RequestTimeoutException if the cluster did not answer in time; nothing is served
     * @throws ValidationException if the name is none
     */
    void register(String name, MeshFunction function, WorkerOptions options);

    /**
     * Serves a name no longer; calls that run complete (PM-RPC-2).
     *
     * @return false if this mesh did not serve it
     */
    boolean unregister(String name);

    /** As {@link #call(String, List, Class, Duration)}, with the default time of 30 s. */
    <T> @Nullable T call(String name, List<?> arguments, Class<T> type);

    /**
     * Calls a function and waits for its result.
     *
     * @param arguments values that the client's mapper can write, also null
     * @param type of the result
     * @param timeout 0 or less stands for the default of 30 s; in milliseconds rounded up; over 146 years count as
     * that
     * @throws NoHandlerException if nobody serves the name (PM-RPC-5)
     * @throws RemoteException if the function failed (PM-RPC-6)
     * @throws HandlerGoneException if the worker is gone (PM-RPC-7)
     * @throws CallTimeoutException if there was no timeout, and no result in the default time (PM-RPC-9)
     * @throws RequestTimeoutException if there was no result within the timeout (PM-RPC-10)
     */
    <T> @Nullable T call(String name, List<?> arguments, Class<T> type, Duration timeout);

    /** As {@link #call(String, List, Class, Duration)}, without waiting. */
    <T> CompletionStage<@Nullable T> callAsync(String name, List<?> arguments, Class<T> type, Duration timeout);
}
