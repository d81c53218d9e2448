package io.coordinator.client.lock;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The asynchronous face of a {@link DistributedSemaphore}; outcomes and errors are the same. Cancelling the future of
 * an acquire withdraws its waiter and releases a grant that came first.
 */
public interface AsyncDistributedSemaphore {
    /** The namespace. */
    String namespace();

    /** The name within the namespace. */
    String name();

    /** See {@link DistributedSemaphore#tryAcquire()}. */
    CompletionStage<Optional<Permit>> tryAcquire();

    /** See {@link DistributedSemaphore#tryAcquire(int, LockOptions)}. */
    CompletionStage<Optional<Permit>> tryAcquire(int permits, LockOptions options);

    /** See {@link DistributedSemaphore#acquire()}. */
    CompletionStage<Permit> acquire();

    /** See {@link DistributedSemaphore#acquire(int)}. */
    CompletionStage<Permit> acquire(int permits);

    /** See {@link DistributedSemaphore#acquire(int, LockOptions)}. */
    CompletionStage<Permit> acquire(int permits, LockOptions options);

    /** See {@link DistributedSemaphore#release(long)}. */
    CompletionStage<Boolean> release(long grantId);

    /** See {@link DistributedSemaphore#resize(int)}. */
    CompletionStage<Integer> resize(int permits);

    /** See {@link DistributedSemaphore#delete()}. */
    CompletionStage<Boolean> delete();

    /** See {@link DistributedSemaphore#inspect()}. */
    CompletionStage<SemaphoreInspection> inspect();
}
