package io.coordinator.state;

import io.coordinator.state.kernel.UndoLog;
import io.coordinator.state.kernel.UnknownOperationException;

/**
 * A piece of work that is done whole or not at all: if it throws, rows, what is derived from them, sessions and effects
 * are as before. An {@link Error} is let through: only that may differ between replicas, and so ends the process.
 */
final class Attempt {
    private final UndoLog undo;
    private final Recorder effects;
    private final Recorder.Mark before;

    Attempt(State state, Recorder effects) {
        this.undo = state.storage.undo();
        this.effects = effects;
        this.before = effects.mark();
        undo.open();
    }

    /** Keeps what was done. */
    void keep() {
        effects.settle();
        undo.keep();
    }

    /** Undoes what was done. */
    void takeBack() {
        undo.takeBack();
        effects.backTo(before);
    }

    /**
     * Runs the cluster's own work and keeps it.
     *
     * @return false if it threw, which was noted as a defect
     */
    boolean run(String what, Runnable work) {
        try {
            work.run();
            keep();
            return true;
        } catch (UnknownOperationException e) {
            throw e;
        } catch (RuntimeException defect) {
            takeBack();
            effects.defect(what, defect);
            return false;
        }
    }
}
