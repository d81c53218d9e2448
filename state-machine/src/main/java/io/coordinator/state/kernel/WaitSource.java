package io.coordinator.state.kernel;

/** A data type in which sessions wait for each other. */
public interface WaitSource {
    /** Adds who waits for what, and who holds that. */
    void describeWaits(WaitGraph graph);
}
