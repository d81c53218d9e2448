package io.coordinator.state;

import io.coordinator.protocol.SnapshotHeader;

/**
 * A snapshot of a newer version than this node knows. It is whole, and must be left as it is for a node that knows it.
 */
public final class NewerVersionException extends RuntimeException {
    public NewerVersionException(String message) {
        super(message);
    }

    /**
     * Checks whether a snapshot is of a core version that a node knows.
     *
     * @param versionMax the newest that it knows
     * @throws NewerVersionException if it is of a newer one
     */
    public static void check(SnapshotHeader header, int versionMax) throws NewerVersionException {
        if (Integer.compareUnsigned(header.getActiveVersion(), versionMax) > 0) {
            throw new NewerVersionException("it is of core version "
                    + Integer.toUnsignedString(header.getActiveVersion()) + " and this node knows versions up to "
                    + versionMax + "; upgrade this node: install " + release(header)
                    + VersionAdvice.ofPinned(versionMax));
        }
    }

    /** What to install for a snapshot, as its header tells. */
    public static String release(SnapshotHeader header) {
        return header.getRelease().isEmpty()
                ? "the release that the other members run"
                : "release " + header.getRelease() + ", which wrote it, or a newer one";
    }
}
