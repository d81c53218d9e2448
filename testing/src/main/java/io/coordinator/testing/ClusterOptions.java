package io.coordinator.testing;

import io.coordinator.testing.process.Launch;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a cluster is made of. Immutable: each method returns a changed copy.
 *
 * @param nodes how many
 * @param cluster its name
 * @param config server configuration by key, for all nodes
 * @param launch how processes start; a cluster in this JVM has none
 */
public record ClusterOptions(int nodes, String cluster, Map<String, String> config, Launch launch) {

    public ClusterOptions {
        if (nodes < 1) {
            throw new IllegalArgumentException("a cluster has at least one node, not " + nodes);
        }
        config = Map.copyOf(config);
    }

    /** Three nodes with the server's defaults. */
    public static ClusterOptions defaults() {
        return new ClusterOptions(3, "test", Map.of(), Launch.DEFAULT);
    }

    public ClusterOptions nodes(int count) {
        return new ClusterOptions(count, cluster, config, launch);
    }

    public ClusterOptions cluster(String name) {
        return new ClusterOptions(nodes, name, config, launch);
    }

    /** The same with one more key of the server's configuration. */
    public ClusterOptions config(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(config);
        more.put(key, value);
        return new ClusterOptions(nodes, cluster, more, launch);
    }

    public ClusterOptions launch(Launch other) {
        return new ClusterOptions(nodes, cluster, config, other);
    }
}
