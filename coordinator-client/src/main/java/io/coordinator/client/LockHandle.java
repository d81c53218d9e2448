package io.coordinator.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * One grant of a lock. Any thread may use it; closing it releases the grant.
 *
 * <p>The SDK measures the grant's life from the moment its request was sent, so it reports a loss before the cluster
 * grants the lock to anyone else (G-13). Work that outlives its grant is still stopped by the {@linkplain #token() token}:
 * guard writes with it, and show it to resources outside the cluster.
 */
public interface LockHandle extends AutoCloseable {
    /** The lock's namespace. */
    String namespace();

    /** The lock's name. */
    String name();

    /** The fencing token: greater than that of any earlier grant of any lock (PM-FENCE-1). */
    long token();

    /**
     * Whether the grant is certainly still live, by local knowledge and the local clock. False after a release, a loss,
     * or the local deadline.
     */
    boolean isHeld();

    /** How long the grant will certainly last from now if nothing extends it; empty if bound to the session. */
    Optional<Duration> remaining();

    /**
     * Completes when the grant is lost, before the cluster can grant the lock again. Stays incomplete after a release.
     * Dependents run on the client's callback executor.
     */
    CompletionStage<LossReason> lost();

    /**
     * Sets the grant's end to now plus {@code ttl}.
     *
     * @param ttl at least 1 ms
     * @throws LockExtendException if the grant is gone; stop the protected work
     * @throws RequestTimeoutException if the cluster did not answer in time
     */
    void extend(Duration ttl);

    /** See {@link #extend(Duration)}. */
    CompletionStage<Void> extendAsync(Duration ttl);

    /**
     * Releases the grant. Idempotent: releases of a grant that is gone change nothing, also if somebody else holds the
     * lock by now (PM-LOCK-8).
     *
     * @return true if this call, or an earlier one, ended a live grant; false if it was already gone
     * @throws RequestTimeoutException if the cluster did not answer in time; the SDK goes on trying, and the lock is
     *     free at the latest when the ttl or the session ends
     */
    boolean release();

    /** See {@link #release()}. */
    CompletionStage<Boolean> releaseAsync();

    /** This grant as a fence for writes: they apply only while it is live. */
    Guard guard();

    /** Releases the grant, without a complaint if it is gone or the cluster cannot be reached. Idempotent. */
    @Override
    void close();
}
