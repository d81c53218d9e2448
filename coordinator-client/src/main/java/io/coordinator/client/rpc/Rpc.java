package io.coordinator.client.rpc;

import com.fasterxml.jackson.core.type.TypeReference;
import io.coordinator.client.error.CallTimeoutException;
import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.HandlerGoneException;
import io.coordinator.client.error.NoHandlerException;
import io.coordinator.client.error.RemoteException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.ValidationException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calls of handlers in other processes. Workers register for a name; the cluster gives each call to the worker that
 * has the fewest, and the result comes back whichever node leads by then. A call runs at most once, unless it is
 * {@link CallOptions#idempotent}.
 *
 * <p>Names are <a href="../package-summary.html#names">names</a>. Arguments and results are values as the client's
 * mapper writes and reads them, at most 1 MiB each as JSON. Calls and registrations are not guarded.
 */
public interface Rpc {
    /** The namespace. */
    String namespace();

    /** As {@link #call(String, Object, Class, CallOptions)}, with {@link CallOptions#defaults()}. */
    <T> @Nullable T call(String name, @Nullable Object arguments, Class<T> type);

    /**
     * Calls a handler and waits for its result.
     *
     * @param arguments what the handler gets; null for none
     * @param type of the result; {@code Void} if there is none
     * @return the result; null if the handler gave null
     * @throws NoHandlerException if nobody serves the name, or nobody came to serve it in time; it was not run
     * @throws ThrottledException if too many calls wait for a worker; it was not run, so try again later
     * @throws RemoteException if the handler failed
     * @throws HandlerGoneException if the worker's session ended, or with {@link CallOptions#ephemeral} its connection;
     *     it may have been run
     * @throws DisconnectedException with {@link CallOptions#ephemeral}, if the leader or the connection to it was lost;
     *     it may have been run
     * @throws RequestTimeoutException if the call's own timeout passed; the worker is told to stop
     * @throws CallTimeoutException if it has none, and {@link CallOptions#DEFAULT_TIMEOUT} passed
     * @throws SessionExpiredException if this client's session was lost; the worker is told to stop
     * @throws CoordinatorInterruptedException if the thread is interrupted; the worker is told to stop
     * @throws ValidationException if the arguments cannot be written, or the result cannot be read as the type
     */
    <T> @Nullable T call(String name, @Nullable Object arguments, Class<T> type, CallOptions options);

    /** As {@link #call(String, Object, Class, CallOptions)}, with a result of a generic type. */
    <T> @Nullable T call(String name, @Nullable Object arguments, TypeReference<T> type, CallOptions options);

    /** As {@link #register(String, RpcHandler, WorkerOptions)}, with {@link WorkerOptions#defaults()}. */
    RpcWorker register(String name, RpcHandler handler);

    /**
     * Serves calls of a name from now on. If this client serves the name already, the new handler takes the old one's
     * place, whose running calls go on.
     *
     * @throws RequestTimeoutException if the cluster did not answer in time; nothing is served
     * @throws ValidationException if the concurrency is more than 10,000
     */
    RpcWorker register(String name, RpcHandler handler, WorkerOptions options);

    /** As {@link #proxy(Class, CallOptions)}, with {@link CallOptions#defaults()}. */
    <T> T proxy(Class<T> type);

    /**
     * An interface whose methods are calls of whoever {@linkplain #serve serves} it, under the name that
     * {@link RpcName} says or that of its class. Methods that return a {@link java.util.concurrent.CompletionStage}
     * or a {@link java.util.concurrent.CompletableFuture} do not wait. Default methods run here, and so do
     * {@code toString}, {@code equals} and {@code hashCode}. Methods throw what
     * {@link #call(String, Object, Class, CallOptions)} throws, never the handler's own exceptions. Asks nobody.
     *
     * @throws ValidationException if it is no interface, has no methods to call, or has two of one name
     */
    <T> T proxy(Class<T> type, CallOptions options);

    /** As {@link #serve(Class, Object, WorkerOptions)}, with {@link WorkerOptions#defaults()}. */
    <T> RpcWorker serve(Class<T> type, T implementation);

    /**
     * Serves the calls that a {@link #proxy} of the same interface makes. A call is
     * {@code {"method": …, "args": […]}}.
     *
     * @throws ValidationException as {@link #proxy(Class, CallOptions)}
     */
    <T> RpcWorker serve(Class<T> type, T implementation, WorkerOptions options);

    /** The first names that have workers or calls; at most 100. */
    default ProcedurePage list() {
        return list("", "", 100);
    }

    /**
     * Names of this namespace that have workers or calls, in their order.
     *
     * @param prefix what they begin with; empty for all
     * @param after the name behind which the list begins; empty for the beginning
     * @param limit at most so many, from 1; no page has more than 100
     * @throws ValidationException if the limit is less than 1
     */
    ProcedurePage list(String prefix, String after, int limit);

    /** A name with its workers; empty if it has neither workers nor calls. */
    Optional<ProcedureStatus> inspect(String name);
}
