package io.coordinator.testing.workload;

/** What can be broken. */
enum Fault {
    KILL_LEADER,
    KILL_ANY,
    KILL_ALL,
    PAUSE,
    ISOLATE,
    CUT_ONE_WAY,
    CUT_CLIENTS,
    LOSE_REPLIES,
    TRANSFER,
    SLOW_DISK(true),
    BROKEN_DISK(true),
    CLOCK_JUMP(true);

    private final boolean needsLibrary;

    Fault() {
        this(false);
    }

    Fault(boolean needsLibrary) {
        this.needsLibrary = needsLibrary;
    }

    /** Whether it needs a library in the nodes, which needs a C compiler here. */
    boolean needsLibrary() {
        return needsLibrary;
    }
}
