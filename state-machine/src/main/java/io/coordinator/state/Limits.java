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
 */
public record Limits(
        int valueBytesMax,
        int requestBytesMax,
        int nameBytesMax,
        long leaseMillisMin,
        long leaseMillisMax,
        int unacknowledgedMax) {

    public Limits {
        if (unacknowledgedMax > Session.UNACKNOWLEDGED_MAX) {
            throw new IllegalArgumentException(
                    "unacknowledgedMax is " + unacknowledgedMax + "; use at most " + Session.UNACKNOWLEDGED_MAX);
        }
    }

    public static final Limits DEFAULT = new Limits(1 << 20, 3 << 20, 1024, 2_000, 300_000, 16_384);
}
