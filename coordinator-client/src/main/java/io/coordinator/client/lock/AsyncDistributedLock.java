package io.coordinator.client.lock;

import io.coordinator.client.option.FenceMode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The asynchronous face of a {@link DistributedLock}; outcomes and errors are the same. Cancelling the future of an
 * acquire withdraws its waiter and releases a grant that came first. Cancelling the future of a {@code withLock} does
 * the same until the function is called. From then on it changes nothing: the lock stays held until the function's own
 * stage has ended, since the work under it may go on.
 */
public interface AsyncDistributedLock {
    /** The namespace. */
    String namespace();

    /** The name within the namespace. */
    String name();

    /** See {@link DistributedLock#tryAcquire()}. */
    CompletionStage<Optional<LockHandle>> tryAcquire();

    /** See {@link DistributedLock#tryAcquire(Duration)}. */
    CompletionStage<Optional<LockHandle>> tryAcquire(Duration wait);

    /** See {@link DistributedLock#tryAcquire(LockOptions)}. */
    CompletionStage<Optional<LockHandle>> tryAcquire(LockOptions options);

    /** See {@link DistributedLock#acquire()}. */
    CompletionStage<LockHandle> acquire();

    /** See {@link DistributedLock#acquire(LockOptions)}. */
    CompletionStage<LockHandle> acquire(LockOptions options);

    /**
     * Runs a function under this lock, which is renewed with the session, and fails if the lock was lost meanwhile; see
     * {@link DistributedLock#withLock(FencedFunction)} and {@link #withLock(LockOptions, Function)}.
     *
     * @param function called on the callback executor
     */
    <T> CompletionStage<T> withLock(Function<FencedContext, CompletionStage<T>> function);

    /**
     * Runs a function under this lock and releases it when the function's stage completes; the returned stage completes
     * after the release. See {@link DistributedLock#withLock(LockOptions, FencedFunction)}.
     *
     * @param function called on the callback executor
     */
    <T> CompletionStage<T> withLock(LockOptions options, Function<FencedContext, CompletionStage<T>> function);

    /** See {@link DistributedLock#verify(long)}. */
    CompletionStage<Boolean> verify(long token);

    /** See {@link DistributedLock#verify(long, FenceMode)}. */
    CompletionStage<Boolean> verify(long token, FenceMode mode);

    /** See {@link DistributedLock#inspect()}. */
    CompletionStage<LockInspection> inspect();
}
