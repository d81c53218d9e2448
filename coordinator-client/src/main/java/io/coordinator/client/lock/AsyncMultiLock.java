package io.coordinator.client.lock;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The asynchronous face of a {@link MultiLock}; outcomes and errors are the same. Cancelling the future of an acquire
 * withdraws its waiter and releases a grant that came first.
 */
public interface AsyncMultiLock {
    /** The namespace. */
    String namespace();

    /** See {@link MultiLock#names()}. */
    List<String> names();

    /** See {@link MultiLock#tryAcquire()}. */
    CompletionStage<Optional<MultiLockHandle>> tryAcquire();

    /** See {@link MultiLock#tryAcquire(LockOptions)}. */
    CompletionStage<Optional<MultiLockHandle>> tryAcquire(LockOptions options);

    /** See {@link MultiLock#acquire()}. */
    CompletionStage<MultiLockHandle> acquire();

    /** See {@link MultiLock#acquire(LockOptions)}. */
    CompletionStage<MultiLockHandle> acquire(LockOptions options);
}
