package io.coordinator.server.propose;

/**
 * How many entries may be in flight. The first goes at once. Each further one must bring as many commands as all those
 * in flight, so entries stay few, batches grow exactly when there is load, and no command waits for more than one
 * commit before its own.
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
        return entries == 0 || (entries < max && queued >= commands);
    }
}
