package io.coordinator.state.kernel;

/** Knows which fencing tokens are live. */
public interface Fence {
    /** The token of the grant that holds this lock now; 0 if nobody does. */
    long liveToken(String namespace, String lock);
}
