package io.coordinator.state;

/** What else an operator may have to do about a version. */
final class VersionAdvice {
    private VersionAdvice() {}

    /** The end of a sentence for a node that knows less than its code does; else empty. */
    static String ofPinned(int known) {
        return known < Coordinator.VERSION
                ? ", or take version-max out of this node's configuration, which keeps it from version "
                        + Coordinator.VERSION
                : "";
    }
}
