package io.coordinator.compat;

import io.coordinator.client.error.ExecutionTimeoutException;
import io.coordinator.client.error.LockTimeoutException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.DistributedLock;
import io.coordinator.client.lock.FencedContext;
import io.coordinator.client.lock.FencedFunction;
import io.coordinator.client.lock.Grant;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.Locks;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Functions that run under a lock (DJ-LM-*), locks with a ttl that nobody renews (DJ-LOCK-*), and a {@code withLock}
 * that is over after 30 s (PM-LOCK-9). They are the locks of
 * {@link io.coordinator.client.CoordinatorClient#lock(String)}.
 *
 * <p>Names are {@linkplain io.coordinator.client names}; bad ones are refused with {@link ValidationException}.
 */
public interface LockMethods {
    /**
     * A function that runs under a lock, one call at a time in the cluster and first come, first served; results and
     * exceptions pass through (DJ-LM-1).
     *
     * <p>Its calls throw {@link LockTimeoutException} if the lock was not granted in time, and
     * {@link ExecutionTimeoutException} after {@link LockMethodOptions#maxExecution}.
     */
    <A extends @Nullable Object, R extends @Nullable Object> Function<A, R> wrap(
            Function<A, R> function, String name, LockMethodOptions options);

    /** As {@link #wrap(Function, String, LockMethodOptions)}, for a task. */
    <R extends @Nullable Object> Callable<R> wrap(Callable<R> task, String name, LockMethodOptions options);

    /** As {@link #wrap(Function, String, LockMethodOptions)}, with writes that are fenced by the call's grant. */
    <A extends @Nullable Object, R extends @Nullable Object> Function<A, R> wrapFenced(
            BiFunction<A, FencedContext, R> function, String name, LockMethodOptions options);

    /**
     * As {@link #wrapFenced}, for a function that gives a stage: it is called on the client's callback executor, and
     * its stage is what runs under the lock. Failures come by the stage.
     */
    <A extends @Nullable Object, R extends @Nullable Object> Function<A, CompletionStage<R>> wrapAsync(
            BiFunction<A, FencedContext, CompletionStage<R>> function, String name, LockMethodOptions options);

    /**
     * Runs a function under a lock as {@code withLock(key, fn)} of the older library does (PM-LOCK-9): waits 10 s,
     * holds the lock for at most 30 s <em>without renewal</em>, and returns the function's result also if it took
     * longer, though by then somebody else may hold the lock. For code that relies on just that; everybody else takes
     * {@link DistributedLock#withLock(FencedFunction)}.
     *
     * @return what the function returned
     * @throws X what the function threw; the lock is released first
     * @throws LockTimeoutException if the wait elapsed
     */
    <T, X extends Exception> T withLock(String name, FencedFunction<T, X> function) throws X;

    /** As {@link #acquire(String, Duration, Duration, int)}, with a ttl of 10 s, and 30 retries after 100 ms each. */
    Optional<LockHandle> acquire(String name);

    /**
     * Acquires a lock with a ttl that is not renewed, waiting in line for {@code retryDelay × maxRetries} (DJ-LOCK-1).
     *
     * @param ttl more than 0, in milliseconds rounded up; over 146 years count as that
     * @param retryDelay 0 or less tries once; in milliseconds rounded up; over 146 years count as that
     * @param maxRetries 0 or more; 0 tries once. If the product is more than 146 years it counts as that
     * @return empty if the time elapsed
     * @throws ValidationException if the ttl is 0 or less, or the number of retries negative
     */
    Optional<LockHandle> acquire(String name, Duration ttl, Duration retryDelay, int maxRetries);

    /** As {@link #tryAcquire(String, Duration)}, with a ttl of 10 s. */
    Optional<LockHandle> tryAcquire(String name);

    /**
     * Acquires a lock with a ttl that is not renewed, if it is free (DJ-LOCK-4).
     *
     * @param ttl more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if the ttl is 0 or less
     */
    Optional<LockHandle> tryAcquire(String name, Duration ttl);

    /**
     * Releases a grant of this client's session by its id (DJ-LOCK-3); see {@link Locks#release(String, long)}.
     *
     * @param grantId as in {@link Grant#grantId()}
     * @return true if it was held under that id; otherwise, also for an id that never was, nothing is changed
     */
    boolean release(String name, long grantId);
}
