package io.coordinator.client.error;

import java.util.List;

/**
 * What the release of a set of locks found (DL-MULTI-6).
 *
 * @param released the locks that were still held, and are free now
 * @param gone the locks that were not held any more under this grant; nothing was done about them
 */
public record ReleaseReport(List<String> released, List<String> gone) {
    public ReleaseReport {
        released = List.copyOf(released);
        gone = List.copyOf(gone);
    }

    /** Whether all locks were still held. */
    public boolean isComplete() {
        return gone.isEmpty();
    }
}
