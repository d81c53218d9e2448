package io.coordinator.server.replica;

import io.coordinator.state.Coordinator;

/** Something to look up in the applied state. */
public interface ReadTask {
    /** Looks it up; called once, with the state locked: must be short and must not block. */
    void evaluate(Coordinator core);

    /** Uses what was found; called right after {@link #evaluate} by the same thread, with the state unlocked. */
    void evaluated();
}
