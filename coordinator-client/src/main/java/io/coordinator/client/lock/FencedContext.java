package io.coordinator.client.lock;

import io.coordinator.client.option.Guard;

/**
 * What a function under a lock gets: the grant, and data whose writes apply only while the grant is live (PM-FENCE-4).
 */
public interface FencedContext extends Data {
    /** The grant. */
    LockHandle handle();

    /** The grant's fencing token. */
    default long token() {
        return handle().token();
    }

    /** The grant as a fence. */
    default Guard guard() {
        return handle().guard();
    }
}
