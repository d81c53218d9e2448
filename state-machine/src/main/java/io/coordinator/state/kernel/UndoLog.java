package io.coordinator.state.kernel;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How to take back what was done to tables since it was opened. */
public final class UndoLog {
    private @Nullable List<Runnable> steps;

    /** From now on, changes of rows can be taken back. */
    public void open() {
        steps = new ArrayList<>();
    }

    /** Keeps what was done. */
    public void keep() {
        steps = null;
    }

    /** Takes back what was done, the last first. */
    public void takeBack() {
        List<Runnable> done = steps;
        steps = null;
        if (done != null) {
            for (int i = done.size() - 1; i >= 0; i--) {
                done.get(i).run();
            }
        }
    }

    boolean isOpen() {
        return steps != null;
    }

    void add(Runnable undo) {
        if (steps != null) {
            steps.add(undo);
        }
    }
}
