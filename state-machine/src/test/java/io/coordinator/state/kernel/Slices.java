package io.coordinator.state.kernel;

/** Lets tests cut jobs thinner than a cluster does. */
public final class Slices {
    private Slices() {}

    /** Takes back what is spent from now on, when it is run. */
    public static Runnable refund(Budget budget) {
        return budget.refund();
    }

    public static void setSteps(Budget budget, long steps) {
        budget.setSliceSteps(steps);
    }
}
