package io.coordinator.client.lock;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.LockTimeoutException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.option.FenceMode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/**
 * A lock with fencing tokens and FIFO waiters: exclusive, unless it is the read lock of a
 * {@link DistributedReadWriteLock}. It is owned by a {@linkplain LockHandle handle}, not by a thread, and is not
 * reentrant unless the options {@linkplain LockOptions#reentrant say so} (PM-LOCK-7): a second acquire by the same
 * client waits like any other.
 *
 * <p>A grant without a ttl lasts until it is released or the session ends. A grant with a ttl lasts that long. It is
 * extended whenever a third of the ttl has passed, unless {@link LockOptions#autoRenew} is off.
 *
 * <p>A caller that gives up (its wait elapses, its thread is interrupted) sees exactly one outcome: its waiter is
 * withdrawn, and a grant that came first is released (PM-LOCK-10). If a grant has ended before the client hears of it,
 * for example because its ttl passed while the client was cut off, the call fails with {@link RequestTimeoutException}:
 * nothing is held; acquire again.
 */
public interface DistributedLock {
    /** The namespace. */
    String namespace();

    /** The name within the namespace. */
    String name();

    /**
     * Acquires this lock if it is free (PM-LOCK-1).
     *
     * @return the grant, or empty if somebody holds the lock
     * @throws RequestTimeoutException if the cluster did not answer in time; a grant that comes late is released
     */
    Optional<LockHandle> tryAcquire();

    /**
     * Acquires this lock, waiting in line for at most {@code wait}.
     *
     * @param wait 0 or less tries once; in milliseconds rounded up; over 146 years count as that
     * @return the grant, or empty if the wait elapsed; not before it, at most a tick after
     * @throws RequestTimeoutException if the cluster did not answer in time; a grant that comes late is released
     * @throws SessionExpiredException if the session was lost while waiting; acquire again
     */
    Optional<LockHandle> tryAcquire(Duration wait);

    /**
     * As {@link #tryAcquire(Duration)}, with options. The wait is 0 unless they set one.
     *
     * @throws RequestTimeoutException if the cluster did not answer in time; a grant that comes late is released
     * @throws SessionExpiredException if the session was lost while waiting; acquire again
     * @throws ValidationException if an option is out of range
     */
    Optional<LockHandle> tryAcquire(LockOptions options);

    /**
     * Acquires this lock, waiting as long as it takes.
     *
     * @throws SessionExpiredException if the session was lost while waiting; acquire again
     * @throws RequestTimeoutException if the cluster did not take the request in time
     */
    LockHandle acquire();

    /**
     * Acquires this lock with options, waiting as long as it takes unless they set a wait.
     *
     * @throws LockTimeoutException if the wait elapsed
     * @throws SessionExpiredException if the session was lost while waiting; acquire again
     * @throws RequestTimeoutException if the cluster did not answer in time; a grant that comes late is released
     * @throws ValidationException if an option is out of range
     */
    LockHandle acquire(LockOptions options);

    /**
     * Runs a function under this lock, then releases it. Waits in line for at most 10 s. The lock is bound to the
     * session, which renews it for as long as the function takes and the cluster hears of this client; there is no
     * limit of time.
     *
     * <p>If the lock is lost while the function runs, somebody else may hold it, and the function's result cannot be
     * trusted: this call fails. A function that wants to stop earlier asks {@link LockHandle#isHeld()} or listens to
     * {@link LockHandle#lost()} of its context. A release that fails never hides the function's result.
     *
     * @return what the function returned
     * @throws X what the function threw; the lock is released first
     * @throws LockTimeoutException if the wait elapsed
     * @throws FencedException if the lock was lost before the function ended, with what it returned as
     *     {@link CoordinatorException#functionResult()}; or if a guarded write came too late
     */
    <T, X extends Exception> T withLock(FencedFunction<T, X> function) throws X;

    /**
     * Runs a function under this lock, then releases it. The wait is 10 s unless the options set one. A release that
     * fails never hides the function's result. If the grant was lost meanwhile, the result is returned all the same,
     * unless {@link LockOptions#failIfLost} is set; that is the difference to {@link #withLock(FencedFunction)}.
     * Writes through the function's {@link FencedContext} are refused once the grant is gone.
     *
     * @return what the function returned
     * @throws X what the function threw; the lock is released first
     * @throws LockTimeoutException if the wait elapsed
     * @throws FencedException if a guarded write came too late, or with {@code failIfLost} after a loss; then what the
     *     function returned is its {@link CoordinatorException#functionResult()}
     */
    <T, X extends Exception> T withLock(LockOptions options, FencedFunction<T, X> function) throws X;

    /**
     * Tells whether a token is the live grant's, by a linearizable read: for resources outside the cluster that are
     * shown a token (PM-FENCE-10).
     *
     * @param token as in {@link Grant#token()}; any other number, also 0 or a negative one, answers false
     */
    boolean verify(long token);

    /**
     * As {@link #verify(long)}, by the rule of a fence mode.
     *
     * @param token as for {@link #verify(long)}
     */
    boolean verify(long token, FenceMode mode);

    /** Who holds this lock and who waits for it; empty holder and no waiters if nobody ever took it. */
    LockInspection inspect();

    /**
     * This lock as one of {@code java.util.concurrent} (B-22): an adapter for code that expects one.
     *
     * <p>The adapter holds the lock, not the thread: any thread may unlock, and a second {@code lock()} of one adapter
     * waits for the first, also on the same thread. Make an adapter for each user. {@code unlock()} without a grant, or
     * after its loss, throws {@link IllegalMonitorStateException}. {@code newCondition()} is not supported. A virtual
     * thread that waits here does not pin its carrier thread.
     *
     * <p>Interrupts are as {@link Lock} has them: {@code lockInterruptibly()} and {@code tryLock(time, unit)} end by
     * them; {@code lock()}, {@code tryLock()} and {@code unlock()} do not, and leave the flag set. A time of 0 or less
     * tries once.
     */
    Lock asLock();
}
