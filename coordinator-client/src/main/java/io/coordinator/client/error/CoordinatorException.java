package io.coordinator.client.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Any failure of a call to the cluster. Its {@linkplain #code() code} is stable, its message says what to do next, and
 * it tells whether a {@linkplain #retryable() retry} can help and whether the {@linkplain #outcomeUnknown() outcome is
 * unknown}. The families below it separate unavailability, contention, lost ownership and bad requests.
 *
 * <p>A blocking call throws it; an asynchronous call's stage fails with it.
 */
public abstract sealed class CoordinatorException extends RuntimeException
        permits UnavailableException,
                ContentionException,
                OwnershipLostException,
                RejectedException,
                AccessException,
                RequestTimeoutException,
                KeyNotFoundException,
                BuildFailedException,
                RemoteJobException,
                RemoteException,
                JobFailedException,
                JobCancelledException,
                CompactedException,
                SlowConsumerException,
                ServerException,
                ClosedException,
                CoordinatorInterruptedException {
    private final ErrorCode code;
    private final boolean retryable;
    private final boolean outcomeUnknown;
    private transient @Nullable Object functionResult;

    CoordinatorException(
            ErrorCode code, boolean retryable, boolean outcomeUnknown, String message, @Nullable Throwable cause) {
        super(code + ": " + message, cause);
        this.code = code;
        this.retryable = retryable;
        this.outcomeUnknown = outcomeUnknown;
    }

    /** The stable name of what went wrong. */
    public final ErrorCode code() {
        return code;
    }

    /** True if the same call, made again, can succeed without a change of its arguments. */
    public final boolean retryable() {
        return retryable;
    }

    /**
     * True if the command may or may not have been applied, or may yet be. A retry is then a second command: make it
     * one that is harmless if both apply, guard it with a token, or read first.
     */
    public final boolean outcomeUnknown() {
        return outcomeUnknown;
    }

    /**
     * What the caller's own function had returned before this call failed. The result could not be written or stored,
     * or the lock was lost while it was made. With this, the work is not lost.
     *
     * @return empty if no function ran to its end, or if it returned null; also in a copy that was serialized
     */
    public final Optional<Object> functionResult() {
        return Optional.ofNullable(functionResult);
    }

    /** Attaches what {@link #functionResult()} gives, before this is thrown; for those who run functions of others. */
    public final CoordinatorException withFunctionResult(@Nullable Object result) {
        functionResult = result;
        return this;
    }
}
