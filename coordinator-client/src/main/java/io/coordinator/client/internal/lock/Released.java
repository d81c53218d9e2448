package io.coordinator.client.internal.lock;

import java.util.List;

/**
 * What a release found.
 *
 * @param wasHeld whether anything was still held
 * @param gone the names on which it was gone
 * @param entered how often it is still entered
 */
record Released(boolean wasHeld, List<String> gone, int entered) {
    /** It was gone already. */
    static Released nothing(Claim claim) {
        return new Released(false, claim.names(), 0);
    }
}
