package io.coordinator.state.kernel;

import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Every deadline of every row, soonest first. Derived from the rows by {@link Table}, never stored. */
public final class Deadlines {
    private final TreeSet<Deadline> sorted = new TreeSet<>();

    void add(Deadline deadline) {
        sorted.add(deadline);
    }

    void remove(Deadline deadline) {
        sorted.remove(deadline);
    }

    /** Forgets a deadline whose row cannot be dealt with; it counts again when the row has another one. */
    public void setAside(Deadline deadline) {
        sorted.remove(deadline);
    }

    /** The soonest, if there is one. */
    public @Nullable Deadline first() {
        return sorted.isEmpty() ? null : sorted.first();
    }
}
