package io.coordinator.state.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * How to take back what a command has done, to rows and to all that is derived from them. Whoever changes either while
 * the log is open says how to take it back.
 */
public final class UndoLog {
    private final List<Runnable> steps = new ArrayList<>();
    private boolean open;

    /** From now on, changes can be taken back. */
    public void open() {
        steps.clear();
        open = true;
    }

    /** Keeps what was done since it was opened. */
    public void keep() {
        steps.clear();
        open = false;
    }

    /** Takes back what was done since it was opened, the last first. */
    public void takeBack() {
        backTo(0);
        open = false;
    }

    /** A point to go {@link #backTo}. */
    public int mark() {
        return steps.size();
    }

    /** Takes back what was done since a mark, the last first. */
    public void backTo(int mark) {
        boolean before = open;
        open = false;
        for (int i = steps.size() - 1; i >= mark; i--) {
            steps.remove(i).run();
        }
        open = before;
    }

    public boolean isOpen() {
        return open;
    }

    /**
     * Notes how to take one change back.
     *
     * @param undo runs when all later changes have been taken back
     */
    public void add(Runnable undo) {
        if (open) {
            steps.add(undo);
        }
    }
}
