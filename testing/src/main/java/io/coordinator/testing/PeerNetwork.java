package io.coordinator.testing;

import io.coordinator.testing.fault.Direction;
import io.coordinator.testing.fault.LoopbackProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The links between the nodes: a proxy for each ordered pair, through which the first reaches the second.
 *
 * <p>Each node is configured with the proxies' addresses in place of the other nodes' own. Ratis keeps to them: it
 * holds one connection for each peer id, made with the address of the local configuration, whatever addresses later
 * configuration entries of the log carry (its PeerProxyMap never replaces an address).
 */
public final class PeerNetwork implements AutoCloseable {

    /** The link through which {@code from} opens connections to {@code to}. */
    private record Link(String from, String to) implements Comparable<Link> {
        @Override
        public int compareTo(Link other) {
            int byFrom = from.compareTo(other.from);
            return byFrom != 0 ? byFrom : to.compareTo(other.to);
        }

        boolean touches(String node) {
            return from.equals(node) || to.equals(node);
        }
    }

    private final Map<Link, LoopbackProxy> links = new TreeMap<>();

    PeerNetwork(List<String> nodes, UnaryOperator<String> peerAddress) {
        for (String from : nodes) {
            for (String to : nodes) {
                if (!from.equals(to)) {
                    links.put(new Link(from, to), LoopbackProxy.start(from + "-" + to, peerAddress.apply(to)));
                }
            }
        }
    }

    /** The address at which {@code from} reaches {@code to}. */
    String address(String from, String to) {
        return link(from, to).address();
    }

    /** Loses everything that {@code node} and the others send each other; what was sent arrives after {@link #heal}. */
    public void isolate(String node) {
        links.forEach((link, proxy) -> {
            if (link.touches(node)) {
                proxy.stall();
            }
        });
    }

    /** Loses everything that two nodes send each other. */
    public void cut(String one, String other) {
        link(one, other).stall();
        link(other, one).stall();
    }

    /** Loses everything that {@code from} sends to {@code to}, requests and answers; the other way is fine. */
    public void cutOneWay(String from, String to) {
        link(from, to).stall(Direction.TO_SERVER);
        link(to, from).stall(Direction.TO_CLIENT);
    }

    /** Delays everything that {@code node} and the others send each other. */
    public void delay(String node, Duration delay) {
        links.forEach((link, proxy) -> {
            if (link.touches(node)) {
                proxy.delay(delay);
            }
        });
    }

    /** Breaks every connection of a node; it may connect again at once. */
    public void reset(String node) {
        links.forEach((link, proxy) -> {
            if (link.touches(node)) {
                proxy.reset();
            }
        });
    }

    /** Ends the faults of every link of a node. */
    public void heal(String node) {
        links.forEach((link, proxy) -> {
            if (link.touches(node)) {
                proxy.heal();
            }
        });
    }

    /** Ends all faults. */
    public void heal() {
        links.values().forEach(LoopbackProxy::heal);
    }

    @Override
    public void close() {
        links.values().forEach(LoopbackProxy::close);
    }

    private LoopbackProxy link(String from, String to) {
        LoopbackProxy proxy = links.get(new Link(from, to));
        if (proxy == null) {
            throw new IllegalArgumentException("no link from " + from + " to " + to);
        }
        return proxy;
    }
}
