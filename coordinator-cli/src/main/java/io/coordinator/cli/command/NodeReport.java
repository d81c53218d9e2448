package io.coordinator.cli.command;

import io.coordinator.protocol.NodeStatusReply;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one node said of itself, or that it said nothing.
 *
 * @param node its id; empty if unknown
 * @param address where it was asked
 * @param answer null if there was none; see {@link #status()}
 * @param failure why there was none, else empty
 */
public record NodeReport(
        String node, String address, @Nullable NodeStatusReply answer, String failure) {
    static NodeReport answered(String address, NodeStatusReply answer) {
        return new NodeReport(answer.getNode(), address, answer, "");
    }

    static NodeReport silent(String address, String failure) {
        return new NodeReport("", address, null, failure);
    }

    NodeReport named(String id) {
        return new NodeReport(id, address, answer, failure);
    }

    public Optional<NodeStatusReply> status() {
        return Optional.ofNullable(answer);
    }
}
