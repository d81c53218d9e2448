package io.coordinator.state.builds;

import io.coordinator.protocol.BuildWaiter;
import java.util.EnumSet;
import java.util.Set;

/** What a waiter is there for, and whether it fails with the builder; each kind has a queue of its own. */
enum WaiterKind {
    BUILDER(0, false, false),
    BUILDER_THAT_STAYS(1, false, true),
    WATCHER(2, true, false),
    WATCHER_THAT_STAYS(3, true, true);

    static final Set<WaiterKind> ALL = EnumSet.allOf(WaiterKind.class);
    /** Those who would build. */
    static final Set<WaiterKind> BUILDERS = EnumSet.of(BUILDER, BUILDER_THAT_STAYS);
    /** Those who only wait. */
    static final Set<WaiterKind> WATCHERS = EnumSet.of(WATCHER, WATCHER_THAT_STAYS);
    /** Those who fail with the builder. */
    static final Set<WaiterKind> FAILING = EnumSet.of(BUILDER, WATCHER);

    private static final WaiterKind[] VALUES = values();

    private final int number;
    private final boolean onlyWaits;
    private final boolean stays;

    WaiterKind(int number, boolean onlyWaits, boolean stays) {
        this.number = number;
        this.onlyWaits = onlyWaits;
        this.stays = stays;
    }

    /** Its place among the kinds; rows have it, so it stays for ever. */
    int number() {
        return number;
    }

    static WaiterKind of(BuildWaiter waiter) {
        for (WaiterKind kind : VALUES) {
            if (kind.onlyWaits == waiter.getOnlyWait() && kind.stays == waiter.getTakeOver()) {
                return kind;
            }
        }
        throw new IllegalStateException("every waiter is of one kind");
    }

    /** One bit for each, as a number that is stored. */
    static int toBits(Set<WaiterKind> kinds) {
        int bits = 0;
        for (WaiterKind kind : kinds) {
            bits |= 1 << kind.number;
        }
        return bits;
    }

    static Set<WaiterKind> ofBits(int bits) {
        Set<WaiterKind> kinds = EnumSet.noneOf(WaiterKind.class);
        for (WaiterKind kind : VALUES) {
            if ((bits & (1 << kind.number)) != 0) {
                kinds.add(kind);
            }
        }
        return kinds;
    }
}
