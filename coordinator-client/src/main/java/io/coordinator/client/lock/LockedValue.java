package io.coordinator.client.lock;

import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.LockTimeoutException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A value that is read when its lock is acquired and written when it is released (JC-LK-1). The write is fenced:
 * whoever has lost the lock writes nothing.
 *
 * @param <T> the value
 */
public interface LockedValue<T> {
    /**
     * Changes the value under the lock.
     *
     * @param wait for the lock; 0 or less tries once; in milliseconds rounded up; over 146 years count as that
     * @param change gets the value, null if there is none; what it returns is written: at most 1 MiB as JSON, or
     *     {@link PayloadTooLargeException}
     * @return what was written
     * @throws X what the function threw; nothing is written
     * @throws LockTimeoutException if the lock was not acquired in time
     * @throws FencedException if the lock was lost meanwhile, or the grant that {@link Data#guardedBy guards} the
     *     value; nothing is written
     */
    <X extends Exception> @Nullable T withLock(Duration wait, Change<T, X> change) throws X;

    /**
     * Acquires the lock and reads the value.
     *
     * @param wait 0 or less tries once; in milliseconds rounded up; over 146 years count as that
     * @throws LockTimeoutException if the lock was not acquired in time
     */
    Held<T> acquire(Duration wait);

    /** As {@link #acquire}, without waiting; empty if somebody else holds the lock. */
    Optional<Held<T>> tryAcquire();

    /**
     * Makes the next value of the one before.
     *
     * @param <T> the value
     * @param <X> what it may throw
     */
    @FunctionalInterface
    interface Change<T, X extends Exception> {
        /** The next value; null for JSON null. */
        @Nullable
        T apply(@Nullable T value) throws X;
    }

    /** The value, while its lock is held. */
    interface Held<T> extends AutoCloseable {
        /** As it was when the lock was acquired; null if there was none. */
        @Nullable
        T value();

        /** What it is held by. */
        LockHandle handle();

        /**
         * Writes a value and releases the lock, also if the value cannot be written.
         *
         * @param newValue at most 1 MiB as JSON; null for JSON null
         * @return false if the lock was lost before, or released; nothing is written
         * @throws FencedException if the grant is gone that {@link Data#guardedBy guards} the value; nothing is written
         * @throws PayloadTooLargeException if it is larger; nothing is written, and the lock is released
         * @throws ValidationException if the mapper cannot write the value
         */
        boolean release(@Nullable T newValue);

        /** See {@link #release}. */
        CompletionStage<Boolean> releaseAsync(@Nullable T newValue);

        /** Releases the lock without writing. Idempotent. */
        @Override
        void close();
    }
}
