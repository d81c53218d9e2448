package io.coordinator.server.propose;

/**
 * The bounds of the proposer.
 *
 * @param entriesInFlightMax log entries in flight
 * @param batchBytesMax bytes of commands in one entry, unless a single command is larger
 * @param batchCommandsMax commands in one entry
 * @param queueCommandsMax commands that may wait before new ones are shed
 * @param queueBytesMax bytes of commands that may wait before new ones are shed
 */
public record ProposerSettings(
        int entriesInFlightMax, int batchBytesMax, int batchCommandsMax, int queueCommandsMax, long queueBytesMax) {}
