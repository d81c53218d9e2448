package io.coordinator.server.session;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which stream serves which session on this node, and how many sessions each address has opened or attached here and
 * not ended since, whether or not it is connected now.
 */
final class Registry {
    private final Map<Long, ClientStream> bySession = new ConcurrentHashMap<>();
    private final Map<Long, String> hosts = new HashMap<>();
    private final Map<String, Integer> sessions = new HashMap<>();

    /** Attaches, and returns the stream that had the session until now. */
    @Nullable
    ClientStream attach(long sessionId, ClientStream stream) {
        opened(sessionId, stream.caller().host());
        return bySession.put(sessionId, stream);
    }

    /** A session belongs to an address from now on, whether or not a stream ever serves it. */
    void opened(long sessionId, String host) {
        synchronized (hosts) {
            forget(sessionId);
            hosts.put(sessionId, host);
            sessions.merge(host, 1, Integer::sum);
        }
    }

    /** Detaches, unless another stream has taken over. */
    boolean detach(long sessionId, ClientStream stream) {
        return bySession.remove(sessionId, stream);
    }

    @Nullable
    ClientStream find(long sessionId) {
        return bySession.get(sessionId);
    }

    /** The session has ended. */
    @Nullable
    ClientStream remove(long sessionId) {
        synchronized (hosts) {
            forget(sessionId);
        }
        return bySession.remove(sessionId);
    }

    /** How many sessions an address has. */
    int sessionsOf(String host) {
        synchronized (hosts) {
            return sessions.getOrDefault(host, 0);
        }
    }

    void clear() {
        synchronized (hosts) {
            hosts.clear();
            sessions.clear();
        }
        bySession.clear();
    }

    int size() {
        return bySession.size();
    }

    private void forget(long sessionId) {
        String host = hosts.remove(sessionId);
        if (host != null) {
            sessions.computeIfPresent(host, (same, count) -> count == 1 ? null : count - 1);
        }
    }
}
