package io.coordinator.server.replica;

import io.coordinator.state.Coordinator;

/** Something to look up in the applied state. */
public interface ReadTask {
    /**
     * Looks it up; called once, with the state locked: must not block.
     *
     * @param turn what consists of many parts must end between two of them when this is over
     */
    void evaluate(Coordinator core, ReadTurn turn);

    /** Uses what was found; called right after {@link #evaluate} by the same thread, with the state unlocked. */
    void evaluated();
}
