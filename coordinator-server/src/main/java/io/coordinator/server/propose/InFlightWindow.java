package io.coordinator.server.propose;

/**
 * How many entries may be in flight. The first goes at once. Each further one must bring a fair share of what is in
 * flight already, so entries stay few and batches grow exactly when there is load.
 */
final class InFlightWindow {
    private final int max;

    InFlightWindow(int max) {
        this.max = max;
    }

    /**
     * @param entries in flight
     * @param commands in flight
     * @param queued commands waiting
     */
    boolean admits(int entries, int commands, int queued) {
        if (entries == 0) {
            return true;
        }
        return entries < max && (long) queued * max >= commands;
    }
}
