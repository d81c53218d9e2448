package io.coordinator.client.option;

/** When a token passes a fence. */
public enum FenceMode {
    /** Only while the lock is held under exactly this token: rejected after expiry, loss and release. The default. */
    STRICT,
    /** Also after that grant has ended, until the next one: the token must be the last one issued for the lock. */
    MONOTONIC
}
