package io.coordinator.state.kernel;

/** Times of which people want to see how they are distributed. They are no part of the state. */
public enum Span {
    /** From when something could be given to somebody to when it was. */
    WAIT,
    /** From then to when somebody said what came of it, or to the end of the time that there was for that. */
    RUN,
    /** From when something should have been done to when it was. */
    LATENESS
}
