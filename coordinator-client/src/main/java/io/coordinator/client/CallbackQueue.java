package io.coordinator.client;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Locks as a callback queue has them: with a ttl that nobody renews, a short wait, and strict complaints (DL). They are the
 * locks of {@link CoordinatorClient#lock(String, String)} in the namespace {@link CallbackQueueOptions#lockPrefix()}.
 */
public interface CallbackQueue {
    /** How it takes its locks. */
    CallbackQueueOptions options();

    /**
     * Acquires the lock of an id, waiting retries × delay (DL-ONCE-1). It lasts for the lock timeout unless
     * {@linkplain OnceLock#extend() extended}.
     *
     * @param id not empty
     * @throws LockAcquisitionException if somebody else holds it
     * @throws ValidationException if the id is empty
     */
    OnceLock once(String id);

    /**
     * Acquires the locks of several ids together, waiting retries × delay (DL-MULTI-1). Empty ids are dropped and duplicates
     * removed.
     *
     * @param ids strings, and collections or arrays of them, one level deep
     * @throws MultiLockException if they could not all be had; nothing is held
     * @throws ValidationException if none is left: {@code at least 1 action must be supplied}
     */
    MultiLockHandle multi(Object... ids);

    /** A semaphore of one permit that waits for ever, bound to the session (DL-SEM-1 … DL-SEM-7). */
    DistributedSemaphore semaphore(String bucket);

    /**
     * Runs a job when it is its turn under a key (DL-SER-1); see {@link SerialQueue#run}.
     *
     * @throws Exception what the job threw, as it is
     */
    <T extends @Nullable Object> T serial(String key, Callable<T> job) throws Exception;

    /** The grants of {@link #once} and {@link #multi} that this queue holds (DL-LOCK-4). */
    List<Grant> heldLocks();
}
