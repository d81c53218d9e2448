package io.coordinator.compat;

import io.coordinator.client.builds.BuildFunction;
import io.coordinator.client.error.BuildLostException;
import io.coordinator.client.error.LockAcquisitionException;
import io.coordinator.client.error.MultiLockException;
import io.coordinator.client.error.QueueNoResponseException;
import io.coordinator.client.error.RemoteJobException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.DistributedSemaphore;
import io.coordinator.client.lock.Grant;
import io.coordinator.client.lock.MultiLockHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Locks as a callback queue has them: with a ttl that nobody renews, a short wait, and strict complaints (DL). They are
 * the locks of the namespace {@link CallbackQueueOptions#lockPrefix()}.
 *
 * <p>Ids, keys and buckets are {@linkplain io.coordinator.client names}. Bad ones, and bad times, are refused
 * with {@link ValidationException}: at once, and of {@link #fanout(String, Class, BuildFunction, Duration)} by the
 * stage.
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
     * Acquires the locks of several ids together, waiting retries × delay (DL-MULTI-1). Empty ids are dropped and
     * duplicates removed.
     *
     * @param ids strings, and collections or arrays of them, one level deep; another object stands for its text, and
     *     null
     *     for nothing; 1 to 64 different ones
     * @throws MultiLockException if they could not all be had; nothing is held
     * @throws ValidationException if none is left: {@code at least 1 action must be supplied}; if there are more than
     *     64;
     *     or if there is a collection or an array on the second level, or an array of primitives
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

    /** Jobs that run one after another under a key, with stages of them as well. */
    SerialQueue serial(String key);

    /**
     * Registers a callback for a job, and makes this caller its owner if nobody is (DL-PUSH-1). Everybody who has
     * pushed the id hears of the end of this run, the owner too. Waits until it is known who the owner is. If the
     * thread is interrupted meanwhile, the callback is registered all the same; a job that would have been this
     * caller's fails with {@link BuildLostException}.
     *
     * @param id not empty
     * @return for the owner, who must do the job and say so; the owner's session is all that bounds its time
     * @throws LockAcquisitionException {@code job is already running}: somebody else is the owner, and the callback is
     *     registered
     */
    JobCompleter push(String id, JobCallback onCompleted);

    /**
     * As {@link #push(String, JobCallback)}, and tells who the owner is in its result instead of by an exception
     * (A-36).
     *
     * @param timeout after which the callback hears {@link QueueNoResponseException}; 0 for never (DL-PUSH-4); in
     *     milliseconds
     *     rounded up; over 146 years count as that
     * @throws ValidationException if the timeout is negative; at once
     */
    PushResult tryPush(String id, JobCallback onCompleted, Duration timeout);

    /** As {@link #fanout(String, Class, BuildFunction, Duration)}, with twice the lock timeout. */
    <T> CompletionStage<@Nullable T> fanout(String id, Class<T> type, BuildFunction<? extends @Nullable T, ?> job);

    /**
     * The result of a job that one of all who ask for it at the same time runs (DL-FAN-1). It is kept for nobody else:
     * the next call runs the job again. If the runner dies, another of those who wait runs its own job. Jobs run on the
     * client's work executor.
     *
     * @param id not empty
     * @param timeout of this caller, more than 0, in milliseconds rounded up; over 146 years count as that; when the
     *     runner's is over its job is cancelled and all who wait fail as well
     * @return fails with the job's exception where it ran, with {@link RemoteJobException} elsewhere, and with
     *     {@link QueueNoResponseException} if it took too long
     */
    <T> CompletionStage<@Nullable T> fanout(
            String id, Class<T> type, BuildFunction<? extends @Nullable T, ?> job, Duration timeout);

    /** The grants of {@link #once} and {@link #multi} that this queue holds (DL-LOCK-4). */
    List<Grant> heldLocks();
}
