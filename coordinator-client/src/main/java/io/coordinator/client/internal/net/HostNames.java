package io.coordinator.client.internal.net;

import io.grpc.netty.shaded.io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * What host names stand for, as far as is known; the name of a headless service stands for all its nodes (PM-CONN-4). A
 * lookup blocks, perhaps for long, so it happens elsewhere, one at a time for each name, and what was found stays known
 * until another one finds something else: nobody waits for a name service to go where it went before. Safe on any
 * thread.
 */
public final class HostNames {
    private final Executor lookups;
    private final Resolver resolver;
    private final Map<String, List<InetAddress>> known = new ConcurrentHashMap<>();
    /** Who is to be told of the lookups under way; guarded by itself. */
    private final Map<String, List<Runnable>> asked = new HashMap<>();

    /** A name service. */
    public interface Resolver {
        /** The addresses of a host, at least one; blocks. */
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /**
     * Knows nothing yet.
     *
     * @param lookups where the resolver may block, with a thread for each name
     */
    public HostNames(Executor lookups, Resolver resolver) {
        this.lookups = lookups;
        this.resolver = resolver;
    }

    /** Whether this is {@code host:port} with a host that is no address. */
    static boolean isName(String endpoint) {
        return NetUtil.createByteArrayFromIpAddressString(host(endpoint)) == null;
    }

    static String host(String endpoint) {
        return endpoint.substring(0, Math.max(0, endpoint.lastIndexOf(':')));
    }

    /** Whether it is an address, or a name of which one is known. */
    boolean isKnown(String endpoint) {
        return !isName(endpoint) || known.containsKey(host(endpoint));
    }

    /** What a host was last found to stand for; empty if it never was. */
    List<InetAddress> addresses(String host) {
        return known.getOrDefault(host, List.of());
    }

    /** The same endpoints with each name that is known to have several addresses replaced by them. */
    List<String> expand(List<String> endpoints) {
        Set<String> all = new LinkedHashSet<>();
        for (String endpoint : endpoints) {
            List<InetAddress> addresses = isName(endpoint) ? addresses(host(endpoint)) : List.of();
            if (addresses.size() < 2) {
                all.add(endpoint);
            } else {
                String port = endpoint.substring(endpoint.lastIndexOf(':'));
                addresses.forEach(address -> all.add(NetUtil.toAddressString(address) + port));
            }
        }
        return List.copyOf(all);
    }

    /**
     * Looks a host up, or joins a lookup that runs.
     *
     * @param done runs when that has ended, in whatever way, on its thread
     */
    void lookUp(String host, Runnable done) {
        boolean first;
        synchronized (asked) {
            List<Runnable> waiting = asked.get(host);
            first = waiting == null;
            if (waiting == null) {
                waiting = new ArrayList<>();
                asked.put(host, waiting);
            }
            waiting.add(done);
        }
        if (first) {
            start(host);
        }
    }

    private void start(String host) {
        try {
            lookups.execute(() -> resolve(host));
        } catch (RejectedExecutionException e) {
            end(host); // The client is closed.
        }
    }

    private void resolve(String host) {
        try {
            InetAddress[] found = resolver.resolve(host);
            if (found.length > 0) {
                known.put(host, List.of(found));
            }
        } catch (UnknownHostException e) {
            // It may exist by the next time; until then, what was known is the best guess.
        } finally {
            end(host);
        }
    }

    private void end(String host) {
        List<Runnable> waiting;
        synchronized (asked) {
            waiting = asked.remove(host);
        }
        if (waiting != null) {
            waiting.forEach(Runnable::run);
        }
    }
}
