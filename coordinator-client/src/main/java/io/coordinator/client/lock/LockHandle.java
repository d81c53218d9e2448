package io.coordinator.client.lock;

import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.LockExtendException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.option.FenceMode;
import io.coordinator.client.option.Guard;
import java.util.concurrent.CompletionStage;

/** One grant of one lock. */
public interface LockHandle extends Grant {
    /** The lock's name. */
    String name();

    /** How the lock is held; changes at most once, by {@link #downgrade()}. */
    LockMode mode();

    /**
     * Releases the grant. Idempotent: releasing a grant that is gone changes nothing, even if somebody else holds the
     * lock by now (PM-LOCK-8). A reentrant grant is live until each of its handles is released. Works on an interrupted
     * thread too, and leaves the interrupt flag set.
     *
     * @return true if this call, or an earlier one, ended a live grant; false if it was already gone
     * @throws RequestTimeoutException if the cluster did not answer in time; the SDK goes on trying, and the lock is
     *     free at the latest when the ttl or the session ends
     */
    boolean release();

    /** See {@link #release()}. */
    CompletionStage<Boolean> releaseAsync();

    /**
     * Turns an exclusive grant into a shared one under the same token. The lock is held all the time; waiting readers
     * at the head of the line join (B-19). Changes nothing if the grant is shared already.
     *
     * @throws LockExtendException if the grant is gone; stop the protected work
     * @throws ValidationException if the grant is reentrant and entered more than once
     * @throws RequestTimeoutException if the cluster did not answer in time
     * @throws ClosedException if the client is closed
     */
    void downgrade();

    /** See {@link #downgrade()}. */
    CompletionStage<Void> downgradeAsync();

    /** This grant as a strict fence for writes: they apply only while it is live. */
    default Guard guard() {
        return guard(FenceMode.STRICT);
    }

    /** This grant as a fence for writes. */
    default Guard guard(FenceMode mode) {
        return new Guard(namespace(), name(), token(), mode);
    }
}
