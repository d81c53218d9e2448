package io.coordinator.client.rpc;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.error.ValidationException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A call as its handler sees it. Safe for use by many threads. */
public interface RpcRequest {
    /** The name that was called. */
    String name();

    /** What the caller gave; JSON null if it gave nothing. */
    JsonNode arguments();

    /**
     * The same as a value; JSON null becomes null.
     *
     * @throws ValidationException if it does not fit
     */
    <T> @Nullable T arguments(Class<T> type);

    /**
     * The same as a value of a generic type; JSON null becomes null.
     *
     * @throws ValidationException if it does not fit
     */
    <T> @Nullable T arguments(TypeReference<T> type);

    /** How long the caller still waits; zero if nobody waits any more. */
    Duration remaining();

    /** Which worker's try this is: 1, and more only if the call is idempotent and earlier workers are gone. */
    int attempt();

    /** The name of the caller's client, for people. */
    String callerName();

    /** Whether nobody wants the result any more: cancelled, timed out, or the caller or this session is gone. */
    boolean isCancelled();

    /**
     * Runs something when nobody wants the result any more; at once, on this thread, if that is so already, otherwise
     * on the callback executor. Not after the handler is done.
     */
    void onCancel(Runnable action);

    /**
     * Reports progress to the caller. Does not wait; a report is dropped if a later one overtakes it, if it is larger
     * than 1 MiB as JSON, or if the call is over.
     *
     * @param progress anything that the client's mapper can write
     * @throws ValidationException if it cannot be written
     */
    void progress(@Nullable Object progress);
}
