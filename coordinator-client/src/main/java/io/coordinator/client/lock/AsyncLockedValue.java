package io.coordinator.client.lock;

import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.LockTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous face of a {@link LockedValue}; outcomes and errors are the same. Cancelling the future of an
 * acquire, or of a {@code withLock} whose function was not called yet, withdraws its waiter and releases a grant that
 * came first.
 *
 * @param <T> the value
 */
public interface AsyncLockedValue<T> {
    /**
     * Changes the value under the lock; see {@link LockedValue#withLock}.
     *
     * @param wait for the lock; 0 or less tries once; in milliseconds rounded up; over 146 years count as that
     * @param change called on the client's callback executor with the value, null if there is none; what its stage
     *     gives is written, null as JSON null. If the stage fails, nothing is written
     * @return what was written, after the lock was released. Fails with {@link LockTimeoutException} if the lock was
     *     not acquired in time, and with {@link FencedException} if it was lost meanwhile
     */
    CompletionStage<@Nullable T> withLock(
            Duration wait, Function<@Nullable T, ? extends CompletionStage<? extends @Nullable T>> change);

    /**
     * See {@link LockedValue#acquire}.
     *
     * @param wait 0 or less tries once; in milliseconds rounded up; over 146 years count as that
     */
    CompletionStage<LockedValue.Held<T>> acquire(Duration wait);

    /** See {@link LockedValue#tryAcquire}. */
    CompletionStage<Optional<LockedValue.Held<T>>> tryAcquire();
}
