package io.coordinator.state;

import io.coordinator.protocol.SnapshotHeader;

/** The rows changed since the previous capture, frozen; encoding them is left to the caller's own thread. */
public interface StateCapture {
    /**
     * Time, counters, index and digest of the captured state. {@code term} and {@code format} are the caller's to fill
     * in.
     */
    SnapshotHeader header();

    /** How many rows {@link #forEach} will visit. */
    int size();

    /** Visits each changed row once, in no particular order. Safe on any thread, and once only. */
    void forEach(RowVisitor visitor);

    /** Receives changed rows. */
    interface RowVisitor extends io.coordinator.state.kernel.RowVisitor {}
}
