package io.coordinator.client.lock;

import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.LockExtendException;
import io.coordinator.client.error.MultiLockException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ValidationException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * Something that the cluster has granted to this client for a time: a lock, a set of locks, permits. Any thread may use
 * it; closing it gives it back.
 *
 * <p>The SDK measures the grant's life from the moment its request was sent, so it reports a loss before the cluster
 * grants the same to anyone else (G-13). Work that outlives its grant is still stopped by the
 * {@linkplain #token() token}: guard writes with it, and show it to resources outside the cluster.
 */
public interface Grant extends AutoCloseable {
    /** The namespace of what was granted. */
    String namespace();

    /** The fencing token: greater than that of any earlier grant of anything (PM-FENCE-1). */
    long token();

    /** What names the grant in calls by id; the same number as {@link #token()} (PM-LOCK-1). */
    default long grantId() {
        return token();
    }

    /**
     * Whether the grant is certainly still live, as far as this client knows and by its own clock. False after a
     * release, a loss, or the local deadline.
     */
    boolean isHeld();

    /**
     * How long the grant will certainly last from now if nothing extends it.
     *
     * @return zero if it is not held any more, never negative; empty if it is held and bound to the session
     */
    Optional<Duration> remaining();

    /** The cluster time in milliseconds at which it ends unless extended; empty if bound to the session. */
    OptionalLong deadline();

    /**
     * Completes once when the grant is lost, before the cluster can grant the same again. Stays incomplete after a
     * release. Dependents run on the client's callback executor. Whoever cancels or completes its future, or sets a
     * timeout on it, changes nothing for the dependents of this stage.
     */
    CompletionStage<LossReason> lost();

    /**
     * Sets the grant's end to now plus {@code ttl}, which may be earlier than before. With
     * {@linkplain LockOptions#autoRenew renewal}, which is the default, the grant is renewed by this ttl from now on,
     * even if it was bound to the session before: to let it end, release it.
     *
     * @param ttl more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws LockExtendException if the grant is gone; stop the protected work
     * @throws MultiLockException if some of a set of locks are gone; the others were released (DL-MULTI-5)
     * @throws RequestTimeoutException if the cluster did not answer in time
     * @throws ValidationException if the ttl is 0 or less; by the stage of {@link #extendAsync}
     * @throws ClosedException if the client is closed
     */
    void extend(Duration ttl);

    /** See {@link #extend(Duration)}. */
    CompletionStage<Void> extendAsync(Duration ttl);

    /**
     * Gives the grant back. Does not fail if the grant is gone or the cluster cannot be reached. Idempotent. Waits at
     * most 2 s for the cluster, then goes on in the background. Works on an interrupted thread too, and leaves the
     * interrupt flag set.
     */
    @Override
    void close();
}
