package io.coordinator.server.net;

import io.coordinator.protocol.ClientFrame;
import org.jspecify.annotations.Nullable;

/**
 * What arrived on a stream: a frame, or the reason why it is none.
 *
 * @param frame null if malformed
 * @param problem null if well-formed
 */
record InboundFrame(@Nullable ClientFrame frame, @Nullable String problem) {}
