package io.coordinator.server.watch;

import io.coordinator.state.MessageGate;

/**
 * What bounds watches.
 *
 * @param gate the rules of their fields
 * @param perStream how many one stream may have
 * @param total how many this node serves
 */
public record WatchLimits(MessageGate gate, int perStream, int total) {}
