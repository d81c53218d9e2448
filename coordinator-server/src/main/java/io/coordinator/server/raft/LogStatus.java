package io.coordinator.server.raft;

import io.coordinator.protocol.Role;
import java.util.Optional;

/**
 * How this node sees the log.
 *
 * @param leader the node that leads, as far as this one knows
 * @param alive false if the log has shut itself down
 */
public record LogStatus(
        Role role, long term, Optional<String> leader, long committedIndex, long appliedIndex, boolean alive) {}
