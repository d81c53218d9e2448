package io.coordinator.state.kernel;

/** Lets tests cut jobs thinner than a cluster does. */
public final class Slices {
    private Slices() {}

    public static void setSteps(Budget budget, long steps) {
        budget.setSliceSteps(steps);
    }
}
