package io.coordinator.client.lock;

/** How a lock is held (B-19). */
public enum LockMode {
    /** By one holder alone. */
    EXCLUSIVE,
    /** By any number of holders that all hold it so. */
    SHARED
}
