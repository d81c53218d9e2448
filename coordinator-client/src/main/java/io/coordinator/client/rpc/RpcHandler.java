package io.coordinator.client.rpc;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Serves the calls of one name; user code. Runs on the worker's executor, for several calls at a time. */
@FunctionalInterface
public interface RpcHandler {
    /**
     * Makes the result of a call. If the call is given up meanwhile, its thread is interrupted; long work should look
     * at {@link RpcRequest#isCancelled()} too.
     *
     * @return anything that the client's mapper can write, also null; a {@link CompletionStage}
     *     stands for what it will come to, and is cancelled with the call
     * @throws Exception the caller gets its class name and message as text; {@link RpcFailure} says a code as well.
     *     An {@link Error} is a failure of the call like any other: the worker goes on
     */
    @Nullable
    Object handle(RpcRequest request) throws Exception;

    /** A handler whose results come later: as if {@link #handle} returned the stage. */
    @SuppressWarnings("FutureReturnValueIgnored") // the worker waits for it
    static RpcHandler staged(Staged handler) {
        requireNonNull(handler, "handler");
        return request -> handler.handle(request);
    }

    /** Serves calls by stages; user code. */
    @FunctionalInterface
    interface Staged {
        /**
         * Begins to make the result of a call.
         *
         * @return cancelled if the call is given up meanwhile
         * @throws Exception as {@link RpcHandler#handle}
         */
        CompletionStage<? extends @Nullable Object> handle(RpcRequest request) throws Exception;
    }
}
