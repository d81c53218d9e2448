package io.coordinator.client.internal.cache;

import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.internal.session.Session;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.session.SilentCommand;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.TouchValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Reads that decide what is evicted, told to the cluster together after a second, in the order of each key's last one
 * . Those of a client that dies before are lost.
 */
public final class Touches {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int KEYS_MAX = 1_000;

    private final SessionChannel channel;
    /** By namespace. On the loop. */
    private final Map<String, Set<String>> read = new LinkedHashMap<>();

    public Touches(SessionChannel channel) {
        this.channel = channel;
    }

    void add(String namespace, String key) {
        channel.loop().run(() -> {
            if (read.isEmpty()) {
                Loop.Timer unused = channel.loop().schedule(this::tell, INTERVAL_NANOS);
            }
            Set<String> keys = read.computeIfAbsent(namespace, any -> new LinkedHashSet<>());
            keys.remove(key);
            keys.add(key);
        });
    }

    private void tell() {
        Session session = channel.session();
        if (session.isLive()) {
            read.forEach((namespace, keys) -> tell(session, namespace, new ArrayList<>(keys)));
        }
        read.clear();
    }

    private void tell(Session session, String namespace, List<String> keys) {
        for (int from = 0; from < keys.size(); from += KEYS_MAX) {
            CacheCommand.Builder touch = CacheCommand.newBuilder()
                    .setNamespace(namespace)
                    .setTouch(TouchValues.newBuilder()
                            .addAllKeys(keys.subList(from, Math.min(keys.size(), from + KEYS_MAX))));
            channel.submit(SilentCommand.cleanup(Command.newBuilder().setCache(touch), session, () -> {}), 0);
        }
    }
}
