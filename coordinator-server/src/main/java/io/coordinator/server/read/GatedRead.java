package io.coordinator.server.read;

import io.coordinator.protocol.Error;
import io.coordinator.server.replica.ReadTurn;
import io.coordinator.state.Coordinator;

/** A read that must not be answered before this node's leadership is proven. */
public interface GatedRead {
    /**
     * Finds the answer in the applied state, which is locked; can be called again, and then replaces the answer.
     *
     * @param turn how long the state may stay locked
     */
    void evaluate(Coordinator core, ReadTurn turn);

    /** The last answer found is proven: send it. Any thread, no blocking. */
    void release();

    /** This node leads no longer. Any thread, no blocking. */
    void refuse(Error error);
}
