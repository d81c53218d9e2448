package io.coordinator.testing;

import io.coordinator.protocol.NodeStatusReply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the digests that nodes report, and compares those of equal index. */
final class DigestComparison {

    /** A digest and who reported it first. */
    private record Report(String node, long digest) {}

    private final List<String> nodes;
    private final Map<Long, Report> byIndex = new HashMap<>();

    DigestComparison(List<String> nodes) {
        this.nodes = nodes;
    }

    /**
     * True once every node reports the same index at once.
     *
     * @throws AssertionError if two nodes ever reported different digests of one index, or one saw a mismatch itself
     */
    boolean isConfirmedBy(Statuses statuses) {
        statuses.replies().forEach(this::compare);
        return statuses.replies().size() == nodes.size()
                && statuses.replies().stream()
                                .mapToLong(NodeStatusReply::getDigestIndex)
                                .distinct()
                                .count()
                        == 1
                && statuses.replies().stream().allMatch(NodeStatusReply::getReady);
    }

    private void compare(NodeStatusReply reply) {
        if (reply.getDigestMismatches() > 0) {
            throw new AssertionError(reply.getNode() + " differs from its leader: " + reply);
        }
        Report own = new Report(reply.getNode(), reply.getDigest());
        @Nullable Report other = byIndex.putIfAbsent(reply.getDigestIndex(), own);
        if (other != null && other.digest() != own.digest()) {
            throw new AssertionError("states differ at index " + reply.getDigestIndex() + ": " + other + " and " + own);
        }
    }
}
