package io.coordinator.state.kernel;

/** How much of a large job is done at once. Look between two units of work, the first of which is always done. */
@FunctionalInterface
public interface Slice {
    /** Leave the rest for the next entry. */
    boolean isSpent();
}
