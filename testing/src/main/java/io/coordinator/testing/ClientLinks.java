package io.coordinator.testing;

import io.coordinator.testing.fault.Direction;
import io.coordinator.testing.fault.LoopbackProxy;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** The links from one client to the nodes: a proxy for each node, which only this client uses. */
public final class ClientLinks implements AutoCloseable {
    private final Map<String, LoopbackProxy> byNode = new TreeMap<>();
    private final Map<String, LoopbackProxy> byAddress = new TreeMap<>();

    /** @param addresses the nodes' client addresses by node id */
    ClientLinks(String name, Map<String, String> addresses) {
        addresses.forEach((node, address) -> {
            LoopbackProxy proxy = LoopbackProxy.start(name + "-" + node, address);
            byNode.put(node, proxy);
            byAddress.put(address, proxy);
        });
    }

    /** Where this client connects instead of {@code advertised}. */
    String translate(String advertised) {
        LoopbackProxy proxy = byAddress.get(advertised);
        return proxy == null ? advertised : proxy.address();
    }

    /** Holds back all that the client and the nodes send each other. */
    public void isolate() {
        byNode.values().forEach(LoopbackProxy::stall);
    }

    /** Holds back all but what goes to and from {@code nodes}. */
    public void reachOnly(Collection<String> nodes) {
        byNode.forEach((node, proxy) -> {
            if (nodes.contains(node)) {
                proxy.heal();
            } else {
                proxy.stall();
            }
        });
    }

    /** Loses what the nodes send, and lets through what the client sends. */
    public void dropReplies() {
        byNode.values().forEach(proxy -> proxy.drop(Direction.TO_CLIENT));
    }

    /** Breaks every connection; the client may connect again at once. */
    public void reset() {
        byNode.values().forEach(LoopbackProxy::reset);
    }

    /** Ends all faults; connections that lost bytes are broken. */
    public void heal() {
        byNode.values().forEach(LoopbackProxy::heal);
    }

    /** The link to one node. */
    public LoopbackProxy to(String node) {
        LoopbackProxy proxy = byNode.get(node);
        if (proxy == null) {
            throw new IllegalArgumentException("no node " + node);
        }
        return proxy;
    }

    @Override
    public void close() {
        byNode.values().forEach(LoopbackProxy::close);
    }
}
