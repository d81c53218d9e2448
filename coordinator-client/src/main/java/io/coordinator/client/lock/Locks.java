package io.coordinator.client.lock;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.ExecutionTimeoutException;
import io.coordinator.client.error.LockTimeoutException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All locks: who holds and waits for what, forced release, and the calls of older lock libraries (DJ-LOCK-1, DJ-LM-1,
 * PM-LOCK-9). A method that takes no namespace means the client's own. Queries are linearizable.
 *
 * <p>Names, prefixes, namespaces and operators are <a href="../package-summary.html#names">names</a>; prefixes, and
 * namespaces where it says so, can be empty. Bad ones are refused with {@link ValidationException}.
 */
public interface Locks {
    /** The locks of the client's namespace that are held or waited for, in the order of their names. */
    List<LockSummary> list(String prefix);

    /**
     * The locks that are held or waited for, in the order of namespace and name, read page by page.
     *
     * @param namespace empty for all of them
     * @param prefix of the names; empty for all of them
     */
    List<LockSummary> list(String namespace, String prefix);

    /**
     * The semaphores that are in use or were resized, in the order of namespace and name.
     *
     * @param namespace empty for all of them
     * @param prefix of the names; empty for all of them
     */
    List<SemaphoreSummary> semaphores(String namespace, String prefix);

    /** What this client's session holds and waits for, as the cluster sees it (B-30). */
    HeldLocks held();

    /**
     * What a session holds and waits for.
     *
     * @param sessionId as in {@link CoordinatorClient#sessionId()}; of one that is gone or never was, nothing is held
     */
    HeldLocks held(long sessionId);

    /** Sessions that wait for each other in a circle (B-31); a session that waits for itself is a circle of one. */
    List<WaitCycle> waitCycles();

    /**
     * Ends all grants of a lock of the client's namespace, whoever holds them; see
     * {@link #forceRelease(String, String, long, String, String)}.
     *
     * @param operator as for {@link #forceRelease(String, String, long, String, String)}
     * @param reason as there
     */
    List<Long> forceRelease(String name, String operator, String reason);

    /**
     * Ends grants of a lock, whoever holds them. Their holders hear that they are {@linkplain LossReason#FORCED lost},
     * the next waiter is served, and a record is kept; see {@link #audit(int)}. If a holder does not listen to that,
     * only fences stop its work.
     *
     * @param token 0 for whatever grants there are, otherwise only that one; one that is not live ends nothing
     * @param operator who does it; a <a href="../package-summary.html#names">name</a>, so not empty
     * @param reason why; may be empty; at most 1,024 bytes of UTF-8, or {@link PayloadTooLargeException}
     * @return the tokens whose grants ended; empty if there was none
     */
    List<Long> forceRelease(String namespace, String name, long token, String operator, String reason);

    /** The latest forced releases that the cluster remembers, newest first; 100 at most. */
    List<AuditRecord> audit();

    /**
     * As {@link #audit()}, at most so many.
     *
     * @param limit at least 1; more than 100 count as that
     * @throws ValidationException if it is less than 1
     */
    List<AuditRecord> audit(int limit);

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
     * Runs a function under a lock as {@code withLock(key, fn)} of the older library does (PM-LOCK-9): waits 10 s,
     * holds the lock for at most 30 s <em>without renewal</em>, and returns the function's result also if it took
     * longer, though by then somebody else may hold the lock. Use it only for code that relies on just that; otherwise
     * use {@link DistributedLock#withLock(FencedFunction)}.
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
     * Releases a grant of this client's session by its id (DJ-LOCK-3).
     *
     * @param grantId as in {@link Grant#grantId()}
     * @return true if it was held under that id; otherwise, also for an id that never was, nothing is changed
     */
    boolean release(String name, long grantId);
}
