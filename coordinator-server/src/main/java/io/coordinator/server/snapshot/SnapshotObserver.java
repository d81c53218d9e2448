package io.coordinator.server.snapshot;

/** Hears of snapshots, in the background; must return at once. */
public interface SnapshotObserver {
    /** One was written, with everything up to the entry of that index. */
    void taken(long index);

    /** One could not be written. */
    void failed(Throwable why);
}
