package io.coordinator.client.rpc;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.error.CallTimeoutException;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.HandlerGoneException;
import io.coordinator.client.error.NoHandlerException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.async.Times;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How to call. Immutable: each method that sets something returns a changed copy. */
public final class CallOptions {
    /** How long a call waits that names no timeout: 30 s. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private static final CallOptions DEFAULTS = new CallOptions(null, Duration.ZERO, false, null, false);

    private final @Nullable Duration timeout;
    private final @Nullable Duration workerWait;
    private final boolean idempotent;
    private final @Nullable Consumer<JsonNode> progress;
    private final boolean ephemeral;

    private CallOptions(
            @Nullable Duration timeout,
            @Nullable Duration workerWait,
            boolean idempotent,
            @Nullable Consumer<JsonNode> progress,
            boolean ephemeral) {
        this.timeout = timeout;
        this.workerWait = workerWait;
        this.idempotent = idempotent;
        this.progress = progress;
        this.ephemeral = ephemeral;
    }

    /** No timeout of its own, no wait for a worker, at most one worker, no progress, in the log. */
    public static CallOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Fails the call with {@link RequestTimeoutException} if there is no result in time; its worker is told to stop.
     * Without it the call fails with {@link CallTimeoutException} after {@link #DEFAULT_TIMEOUT}.
     *
     * @param timeout more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public CallOptions timeout(Duration timeout) {
        Arguments.positive("timeout", timeout);
        return new CallOptions(timeout, workerWait, idempotent, progress, ephemeral);
    }

    /**
     * If nobody serves the name, waits for a worker before it fails with {@link NoHandlerException}.
     *
     * @param wait 0 or less does not wait; in milliseconds rounded up; over 146 years count as that
     */
    public CallOptions waitForWorker(Duration wait) {
        return new CallOptions(timeout, Times.wait(wait), idempotent, progress, ephemeral);
    }

    /** If nobody serves the name, waits for a worker for as long as for the result. */
    public CallOptions waitForWorker() {
        return new CallOptions(timeout, null, idempotent, progress, ephemeral);
    }

    /**
     * If the worker's session ends, another worker gets the call. So it can run more than once, and even twice at a
     * time: a worker that is cut off may go on.
     */
    public CallOptions idempotent() {
        return new CallOptions(timeout, workerWait, true, progress, ephemeral);
    }

    /**
     * Hears what the handler reports. On the callback executor, one report at a time; a listener that is slow, or a
     * session with many reports, hears the later ones. The last can be heard after the result.
     */
    public CallOptions onProgress(Consumer<JsonNode> listener) {
        return new CallOptions(timeout, workerWait, idempotent, requireNonNull(listener, "listener"), ephemeral);
    }

    /**
     * Makes the call pass through the leader's memory only, instead of the log: it is several times as fast, and its
     * outcome is lost with the leader. Then it fails with {@link DisconnectedException}, and if its worker loses its
     * connection with {@link HandlerGoneException}; both say that the outcome is unknown. An {@link #idempotent} one
     * goes to another worker, or to the next leader, by itself.
     */
    public CallOptions ephemeral() {
        return new CallOptions(timeout, workerWait, idempotent, progress, true);
    }

    /** How long the call waits for its result, more than 0; empty for the default. */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /** How long it waits for a worker, 0 or more; empty for as long as for the result. */
    public Optional<Duration> workerWait() {
        return Optional.ofNullable(workerWait);
    }

    /** See {@link #idempotent()}. */
    public boolean isIdempotent() {
        return idempotent;
    }

    /** See {@link #ephemeral()}. */
    public boolean isEphemeral() {
        return ephemeral;
    }

    /** See {@link #onProgress}. */
    public Optional<Consumer<JsonNode>> progressListener() {
        return Optional.ofNullable(progress);
    }
}
