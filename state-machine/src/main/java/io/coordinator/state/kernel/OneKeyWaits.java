package io.coordinator.state.kernel;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The usual case of {@link WaitQueues}: each waiter waits for one key, under which its row is, and the queues have no
 * other place than a map.
 */
final class OneKeyWaits<W> implements WaitQueues.Keys<W>, WaitQueues.Places<W> {
    private static final HexFormat HEX = HexFormat.of();
    /** NUL and a ticket in hexadecimal. */
    private static final int SUFFIX = 1 + 2 * Long.BYTES;

    private final Map<String, WaitQueue<W>> queues = new HashMap<>();
    private final int kinds;

    /** @param kinds of waiters that are told apart */
    OneKeyWaits(int kinds) {
        this.kinds = kinds;
    }

    /** The key that a waiter's row waits for. */
    static String waitedFor(String rowKey) {
        return rowKey.substring(0, rowKey.length() - SUFFIX);
    }

    @Override
    public String rowKey(List<String> waitedFor, long ticket) {
        return waitedFor.get(0) + '\0' + HEX.toHexDigits(ticket);
    }

    @Override
    public List<String> waitedFor(String rowKey, W waiter) {
        return List.of(waitedFor(rowKey));
    }

    @Override
    public @Nullable WaitQueue<W> queue(String key) {
        return queues.get(key);
    }

    @Override
    public WaitQueue<W> obtainQueue(String key) {
        WaitQueue<W> queue = queues.get(key);
        if (queue == null) {
            queue = new WaitQueue<>(kinds);
            queues.put(key, queue);
        }
        return queue;
    }

    @Override
    public void forgetQueue(String key) {
        queues.remove(key);
    }
}
