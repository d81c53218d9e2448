package io.coordinator.server.http;

import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the number of connections and the life of each (C-10). One request is served on a connection, so that whatever
 * is old is slow or silent, and the oldest gives way to a new one. Used on one thread.
 */
final class ConnectionCap {
    static final int CONNECTIONS_MAX = 256;
    /** For the request and the answer together. */
    static final long LIFE_SECONDS = 5;

    /** The oldest first. */
    private final Set<Channel> open = new LinkedHashSet<>();

    void admit(Channel connection) {
        if (open.size() >= CONNECTIONS_MAX) {
            Iterator<Channel> oldest = open.iterator();
            Channel first = oldest.next();
            oldest.remove();
            end(first);
        }
        open.add(connection);
        var end = connection.eventLoop().schedule(() -> end(connection), LIFE_SECONDS, TimeUnit.SECONDS);
        var unused = connection.closeFuture().addListener(closed -> {
            open.remove(connection);
            end.cancel(false);
        });
    }

    private static void end(Channel connection) {
        var unused = connection.close();
    }
}
