package io.coordinator.benchmarks.harness;

/** Hears what subscribers and members of groups get; on any thread, and without blocking it. */
@FunctionalInterface
public interface MessageReceiver {
    /**
     * One got a message.
     *
     * @param receiver the number of the subscriber or member, from 0
     */
    void received(int receiver, byte[] message);
}
