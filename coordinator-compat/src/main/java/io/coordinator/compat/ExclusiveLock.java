package io.coordinator.compat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.Registration;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.RequestTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A lock that refreshes itself and tells listeners of its life. One instance is one contender; two instances of one
 * client exclude each other. The same lock table as {@link CoordinatorClient#lock(String)}, under {@link #key()}.
 */
public interface ExclusiveLock extends AutoCloseable {
    /**
     * The lock's name in the lock table: the prefix, a colon and the name, both as
     * {@linkplain ExclusiveLockOptions#name slugs} (EL-OPT-9, EL-OPT-10).
     */
    String key();

    /** How long the lock outlives its last refresh; at least 501 ms. */
    Duration lockTtl();

    /** How often it is refreshed; at least 1 ms, and at least 500 ms less than {@link #lockTtl()}. */
    Duration lockRefresh();

    /** Whether it is certainly held, by local knowledge and the local clock (EL-PROP-1). */
    boolean isAcquired();

    /** The fencing token; empty while it is not held. */
    OptionalLong token();

    /**
     * Tries once to acquire the lock (EL-ACQ-1). If this instance already holds it, logs a warning and answers true
     * without an event (EL-ACQ-2).
     *
     * @return false if somebody else holds it
     * @throws CoordinatorException if the outcome is not known (EL-ACQ-3); a grant that comes late is released
     */
    boolean acquire();

    /**
     * Releases the lock and stops the refreshes. Does nothing if it is not held (EL-REL-1). Afterwards it is not
     * acquired, also if this fails (EL-REL-3).
     *
     * @throws RequestTimeoutException if the cluster did not answer in time; the lock is free when its ttl or the
     *     session ends
     */
    void release();

    /**
     * Who holds the lock (EL-INS-1); any client may ask.
     *
     * @return empty if nobody does
     */
    Optional<ExclusiveLockInspection> inspect();

    /** Adds a listener; it runs on the callback executor, one call at a time, in order. */
    Registration addListener(ExclusiveLockListener listener);

    /** Releases the lock, without a complaint if the cluster cannot be reached. Idempotent. */
    @Override
    void close();
}
