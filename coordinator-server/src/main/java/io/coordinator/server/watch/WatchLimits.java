package io.coordinator.server.watch;

import io.coordinator.state.MessageGate;

/**
 * What bounds watches.
 *
 * @param gate the rules of their fields
 * @param perStream how many one stream may have
 * @param total how many this node serves
 * @param bytes the heap they may take, as estimated; one watch may pass it
 */
public record WatchLimits(MessageGate gate, int perStream, int total, long bytes) {}
