package io.coordinator.cli.backup;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.Json;
import io.coordinator.server.backup.NewCluster;
import io.coordinator.server.config.ClusterMember;
import org.jspecify.annotations.Nullable;

/** The one member that a cluster begins with, as options name it. */
final class FirstMember {
    static final String DEFAULT_ADDRESSES = "127.0.0.1:7401/127.0.0.1:7400";

    private FirstMember() {}

    /** @throws CliException if they name no member */
    static ClusterMember of(String node, @Nullable String addresses) {
        try {
            return ClusterMember.parseList(node + "=" + (addresses == null ? DEFAULT_ADDRESSES : addresses))
                    .get(0);
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, "--node or --member: " + e.getMessage(), e);
        }
    }

    static String operator(@Nullable String operator) {
        return operator == null ? System.getProperty("user.name", "unknown") : operator;
    }

    static ObjectNode json(NewCluster made) {
        return Json.object()
                .put("clusterId", made.clusterId())
                .put("group", made.group())
                .put("indexBefore", made.indexBefore())
                .put("revisionBefore", made.revisionBefore())
                .put("index", made.index())
                .put("revision", made.revision())
                .put("term", made.term());
    }
}
