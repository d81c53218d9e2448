package io.coordinator.server.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which stream serves which session on this node. */
final class Registry {
    private final Map<Long, ClientStream> bySession = new ConcurrentHashMap<>();

    /** Attaches, and returns the stream that had the session until now. */
    @Nullable
    ClientStream attach(long sessionId, ClientStream stream) {
        return bySession.put(sessionId, stream);
    }

    /** Detaches, unless another stream has taken over. */
    void detach(long sessionId, ClientStream stream) {
        bySession.remove(sessionId, stream);
    }

    @Nullable
    ClientStream find(long sessionId) {
        return bySession.get(sessionId);
    }

    @Nullable
    ClientStream remove(long sessionId) {
        return bySession.remove(sessionId);
    }

    void clear() {
        bySession.clear();
    }

    int size() {
        return bySession.size();
    }
}
