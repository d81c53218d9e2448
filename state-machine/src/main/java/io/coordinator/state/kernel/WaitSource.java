package io.coordinator.state.kernel;

/** A data type in which sessions wait for each other. */
public interface WaitSource {
    /** Adds who waits for what, and who holds that, as far as the graph takes it in. */
    void describeWaits(Context at, WaitGraph graph);
}
