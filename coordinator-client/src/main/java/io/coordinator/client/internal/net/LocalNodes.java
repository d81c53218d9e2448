package io.coordinator.client.internal.net;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The nodes in this process that are reached without a network, by the endpoint that stands for each. A client that is
 * configured with such an endpoint goes to that node and to no other. Empty but in tests. Safe on any thread.
 */
public final class LocalNodes {
    private static final Map<String, LocalNode> NODES = new ConcurrentHashMap<>();

    private LocalNodes() {}

    /**
     * Has clients that are made from now on find a node.
     *
     * @param endpoint of a form that no other node has
     */
    public static void add(String endpoint, LocalNode node) {
        if (NODES.putIfAbsent(endpoint, node) != null) {
            throw new IllegalStateException(endpoint + " is in use");
        }
    }

    /** Has no more clients find it; those that did keep it. */
    public static void remove(String endpoint) {
        NODES.remove(endpoint);
    }

    /** The first of these endpoints that stands for one. */
    public static Optional<LocalNode> among(List<String> endpoints) {
        return endpoints.stream().map(NODES::get).filter(node -> node != null).findFirst();
    }
}
