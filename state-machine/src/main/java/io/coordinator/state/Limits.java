package io.coordinator.state;

import io.coordinator.state.session.Session;

/**
 * The bounds that admission enforces (G-15).
 *
 * @param valueBytesMax the largest single value
 * @param requestBytesMax the largest command as serialized
 * @param nameBytesMax the longest namespace, key or lock name in UTF-8
 * @param leaseMillisMin the shortest session lease
 * @param leaseMillisMax the longest session lease
 * @param unacknowledgedMax how many replies a session may leave unacknowledged
 * @param versionMax the newest core version that this node takes part in: what is newer it knows as little as a release
 *     that was built before it. Only this one concerns more than admission: at a newer entry or snapshot the node stops
 */
public record Limits(
        int valueBytesMax,
        int requestBytesMax,
        int nameBytesMax,
        long leaseMillisMin,
        long leaseMillisMax,
        int unacknowledgedMax,
        int versionMax) {

    public Limits {
        if (versionMax < Coordinator.VERSION_INITIAL || versionMax > Coordinator.VERSION) {
            throw new IllegalArgumentException("versionMax is " + versionMax + "; this code knows the versions "
                    + Coordinator.VERSION_INITIAL + " to " + Coordinator.VERSION);
        }
        if (unacknowledgedMax > Session.UNACKNOWLEDGED_MAX) {
            throw new IllegalArgumentException(
                    "unacknowledgedMax is " + unacknowledgedMax + "; use at most " + Session.UNACKNOWLEDGED_MAX);
        }
    }

    /** Of a node that takes part in all that this code knows. */
    public Limits(
            int valueBytesMax,
            int requestBytesMax,
            int nameBytesMax,
            long leaseMillisMin,
            long leaseMillisMax,
            int unacknowledgedMax) {
        this(
                valueBytesMax,
                requestBytesMax,
                nameBytesMax,
                leaseMillisMin,
                leaseMillisMax,
                unacknowledgedMax,
                Coordinator.VERSION);
    }

    /** The same for a node that takes part in no newer core version. */
    public Limits withVersionMax(int version) {
        return new Limits(
                valueBytesMax,
                requestBytesMax,
                nameBytesMax,
                leaseMillisMin,
                leaseMillisMax,
                unacknowledgedMax,
                version);
    }

    public static final Limits DEFAULT = new Limits(1 << 20, 3 << 20, 1024, 2_000, 300_000, 16_384);
}
